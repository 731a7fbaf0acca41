#include "input/influx.h"

#include "base/test.h"

/* A line and its object; empty: not such a line. */
static const struct {
	struct str line, object;
} rows[] = {
	{STR_INIT("m,h=gpu-7 a=1 5"), STR_INIT("{\"name\":\"m\",\"tags\":{\"h\":\"gpu-7\"},\"fields\":{\"a\":\"1\"},\"timestamp\":5}")},
	{STR_INIT("m a=1i,b=2u,c=-0.5,d=t,e=false"),
		STR_INIT("{\"name\":\"m\",\"tags\":{},\"fields\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"-0.5\",\"d\":\"t\",\"e\":\"false\"}}")},
	{STR_INIT("m,p=/a\\ b\\,c\\=d s=\"x, y \\\"z\\\" \\\\\" 5\r"),
		STR_INIT("{\"name\":\"m\",\"tags\":{\"p\":\"/a b,c=d\"},\"fields\":{\"s\":\"x, y \\\"z\\\" \\\\\"},\"timestamp\":5}")},
	{STR_INIT("m\\ n a=\"\""), STR_INIT("{\"name\":\"m n\",\"tags\":{},\"fields\":{\"a\":\"\"}}")},
	{STR_INIT("m,a=1,b=2 c=3,d=4 0"), STR_INIT("{\"name\":\"m\",\"tags\":{\"a\":\"1\",\"b\":\"2\"},\"fields\":{\"c\":\"3\",\"d\":\"4\"},\"timestamp\":0}")},
	{STR_INIT("m s=\"x\",b=2 5"), STR_INIT("{\"name\":\"m\",\"tags\":{},\"fields\":{\"s\":\"x\",\"b\":\"2\"},\"timestamp\":5}")},
	{STR_INIT("m a=T,b=True,c=TRUE,d=F,e=f,f=False,g=FALSE,h=true"),
		STR_INIT("{\"name\":\"m\",\"tags\":{},\"fields\":{\"a\":\"T\",\"b\":\"True\",\"c\":\"TRUE\",\"d\":\"F\",\"e\":\"f\",\"f\":\"False\",\"g\":\"FALSE\",\"h\":\"true\"}}")},
	/* a delimiter is escaped, another character is not */
	{STR_INIT("a\\,b\\=c x\\,y=1"), STR_INIT("{\"name\":\"a,b=c\",\"tags\":{},\"fields\":{\"x,y\":\"1\"}}")},
	{STR_INIT("m,p=C:\\d a=1"), STR_INIT("{\"name\":\"m\",\"tags\":{\"p\":\"C:\\\\d\"},\"fields\":{\"a\":\"1\"}}")},
	{STR_INIT("m s=\"\\"), STR_INIT("")},
	/* a name of text, or of another form */
	{STR_INIT("m{h a=1"), STR_INIT("")},
	{STR_INIT("m[1] a=1"), STR_INIT("")},
	{STR_INIT("m\"h\" a=1"), STR_INIT("")},
	{STR_INIT("kernel: a=1"), STR_INIT("")},
	{STR_INIT("m\\"), STR_INIT("")},
	/* a value, a name or a pair is missing, or something follows */
	{STR_INIT("m a="), STR_INIT("")},
	{STR_INIT("m a=i"), STR_INIT("")},
	{STR_INIT("m a=1iu"), STR_INIT("")},
	{STR_INIT("m a==1"), STR_INIT("")},
	{STR_INIT("m =1"), STR_INIT("")},
	{STR_INIT("m a=1,"), STR_INIT("")},
	{STR_INIT("m a=1,,b=2"), STR_INIT("")},
	{STR_INIT("m a=1,b c=2"), STR_INIT("")},
	{STR_INIT("m a=\"x\"y"), STR_INIT("")},
	{STR_INIT("m a=1 5x"), STR_INIT("")},
	{STR_INIT("m,h=1"), STR_INIT("")},
	{STR_INIT("m,h=1,k=2"), STR_INIT("")},
	/* an unterminated string, words, an empty line */
	{STR_INIT("m a=\"x"), STR_INIT("")},
	{STR_INIT("m a=\"x\\"), STR_INIT("")},
	{STR_INIT("m a=x"), STR_INIT("")},
	{STR_INIT("m a"), STR_INIT("")},
	{STR_INIT("m a=1 x"), STR_INIT("")},
	{STR_INIT("m a=1 5 6"), STR_INIT("")},
	{STR_INIT("m, a=1"), STR_INIT("")},
	{STR_INIT("m,h a=1"), STR_INIT("")},
	{STR_INIT("m=1 a=1"), STR_INIT("")},
	{STR_INIT("May 14 03:12:00 gpu-7 kernel: a=1"), STR_INIT("")},
	{STR_INIT("{\"a\" b=1"), STR_INIT("")},
	{STR_INIT(" a=1"), STR_INIT("")},
	{STR_INIT("m"), STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
};

int
main(void)
{
	struct buf b = {0};

	TEST("lines as objects");
	for (size_t i = 0; i < NELEM(rows); i++) {
		b.n = 0;
		buf_chr(&b, ' ');
		CHECK_ROW(i, influx_object(rows[i].line, &b) == (rows[i].object.n > 0));
		CHECK_ROW(i, str_eq(str_from(buf_str(&b), 1), rows[i].object));
	}
	buf_free(&b);
	return test_done();
}
