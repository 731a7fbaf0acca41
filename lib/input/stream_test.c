#include "input/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

enum { LIMIT = 1 << 20 };

/*
 * In this file's texts ' stands for ".  Items of a stream are written
 *	LINE VALUE|   with newlines in it shown as ~ and CR as ^
 *	LINE!BYTE|    for a rejected line, BYTE 0 for one that is too long
 */

/* clang-format off */

static const struct {
	struct str text, says;
} rows[] = {
	/* one per line */
	{STR_INIT(""), STR_INIT("")},
	{STR_INIT("{'a':1}\n"), STR_INIT("1 {'a':1}|")},
	{STR_INIT("{'a':1}"), STR_INIT("1 {'a':1}|")},
	{STR_INIT("{'a':1}\n{'b':2}\n{'c':3}\n"), STR_INIT("1 {'a':1}|2 {'b':2}|3 {'c':3}|")},
	{STR_INIT("1\n'x'\nnull\n[2]\n"), STR_INIT("1 1|2 'x'|3 null|4 [2]|")},
	{STR_INIT("  {'a':1}\t\n"), STR_INIT("1   {'a':1}\t|")},
	/* blank lines, CR LF, byte-order mark, no last newline */
	{STR_INIT("\n\n"), STR_INIT("")},
	{STR_INIT(" \t\n\r\n{'a':1}\n\n \n{'b':2}\n\n"), STR_INIT("3 {'a':1}|6 {'b':2}|")},
	{STR_INIT("{'a':1}\r\n{'b':2}\r\n"), STR_INIT("1 {'a':1}^|2 {'b':2}^|")},
	{STR_INIT("\xef\xbb\xbf{'a':1}\n"), STR_INIT("1 {'a':1}|")},
	{STR_INIT("\xef\xbb\xbf\n{'a':1}\n"), STR_INIT("2 {'a':1}|")},
	{STR_INIT("\xef\xbb\xbf"), STR_INIT("")},
	{STR_INIT("\xef\xbb\xbf{\n'a':1}\n"), STR_INIT("1 {~'a':1}|")},
	{STR_INIT("{'a':1}\n\xef\xbb\xbf{'b':2}\n{'c':3}"), STR_INIT("1 {'a':1}|2!1|3 {'c':3}|")},
	/* rejected, and reading continues */
	{STR_INIT("x\n{'a':1}\n"), STR_INIT("1!1|2 {'a':1}|")},
	{STR_INIT("{'a':1}x\n{'a':1} {'b':2}\n3\n"), STR_INIT("1!8|2!9|3 3|")},
	{STR_INIT("{'a':1,}\n[1 2]\n{'b':2}\n"), STR_INIT("1!8|2!4|3 {'b':2}|")},
	{STR_INIT("\0\n{'a':1}\n"), STR_INIT("1!1|2 {'a':1}|")},
	{STR_INIT("\0\0\0\0{'a':1}\n2\n"), STR_INIT("1!1|2 2|")},
	{STR_INIT("{'a':'\0'}\n{'b':2}\n"), STR_INIT("1!7|2 {'b':2}|")},
	{STR_INIT("{'a':1}\0\n{'b':2}\n"), STR_INIT("1!8|2 {'b':2}|")},
	{STR_INIT("\xff\xfe\n{'a':'\xff'}\n"), STR_INIT("1!1|2 {'a':'\xff'}|")},
	{STR_INIT("\x1e{'a':1}\n1\n"), STR_INIT("1!1|2 1|")},
	/* pretty documents */
	{STR_INIT("{\n  'a': 1\n}\n"), STR_INIT("1 {~  'a': 1~}|")},
	{STR_INIT("{\r\n  'a': 1\r\n}\r\n"), STR_INIT("1 {^~  'a': 1^~}^|")},
	{STR_INIT("[\n\n{'a':1},\n\n{'b':2}\n]"), STR_INIT("1 [~~{'a':1},~~{'b':2}~]|")},
	{STR_INIT("{'items':[\n{'a':1}\n,\n{'b':2}\n]}\n{'c':3}\n"), STR_INIT("1 {'items':[~{'a':1}~,~{'b':2}~]}|6 {'c':3}|")},
	{STR_INIT("{'a'\n:\n1\n}"), STR_INIT("1 {'a'~:~1~}|")},
	{STR_INIT("{\n}\n{\n}\n[\n]\n"), STR_INIT("1 {~}|3 {~}|5 [~]|")},
	{STR_INIT("{'a':1}\n{\n'b':2\n}\n{'c':3}\n"), STR_INIT("1 {'a':1}|2 {~'b':2~}|5 {'c':3}|")},
	{STR_INIT("\n\n{\n}\n"), STR_INIT("3 {~}|")},
	/* lines that look complete but are not */
	{STR_INIT("{'a':{}\n}\n"), STR_INIT("1 {'a':{}~}|")},
	{STR_INIT("{'a':{}\n,'b':{}}\n"), STR_INIT("1 {'a':{}~,'b':{}}|")},
	{STR_INIT("{'a':{}\n\n\r\n}\n1\n"), STR_INIT("1 {'a':{}~~^~}|5 1|")},
	{STR_INIT("[[]\n]\n"), STR_INIT("1 [[]~]|")},
	{STR_INIT("[[1]\n,[2]\n,[3]\n]\n{'a':1}\n"), STR_INIT("1 [[1]~,[2]~,[3]~]|5 {'a':1}|")},
	{STR_INIT("{'a':[{}\n]}\n"), STR_INIT("1 {'a':[{}~]}|")},
	{STR_INIT("{'a':{'b':{}}\n  }\n{'c':{}\n}\n"), STR_INIT("1 {'a':{'b':{}}~  }|3 {'c':{}~}|")},
	/* truncated lines swallow nothing */
	{STR_INIT("{'a':\n{'b':2}\n{'c':3}\n"), STR_INIT("1!6|2 {'b':2}|3 {'c':3}|")},
	{STR_INIT("{'a':1\n{'b':2}\n"), STR_INIT("1!7|2 {'b':2}|")},
	{STR_INIT("[\n[\n{'a':1}\n{'b':2}\n"), STR_INIT("1!2|2!2|3 {'a':1}|4 {'b':2}|")},
	{STR_INIT("{'a':{}\n{'b':{}\n{'c':3}\n"), STR_INIT("1!8|2!8|3 {'c':3}|")},
	{STR_INIT("[1,\n2\n,3\n\n'x'\n"), STR_INIT("5!1|5 'x'|")},
	{STR_INIT("{'a':\n1\n2\n}\n"), STR_INIT("3!1|3 2|4!1|")},
	{STR_INIT("{'a':'x\n{'b':2}\n"), STR_INIT("1!8|2 {'b':2}|")},
	{STR_INIT("{'a':tr\nue}\n1\n"), STR_INIT("1!6|2!1|3 1|")},
	{STR_INIT("{\n{\n'a':1}\n2\n"), STR_INIT("1!2|2 {~'a':1}|4 2|")},
	{STR_INIT("{'a':1}\n{'b':\n"), STR_INIT("1 {'a':1}|2!6|")},
	{STR_INIT("[\n[\n[\n"), STR_INIT("3!2|")},
	{STR_INIT("{'a':\r\n{'b':2}\r\n{'c':3}\r\n"), STR_INIT("1!7|2 {'b':2}^|3 {'c':3}^|")},
};

/* With a limit of 10 bytes per line and document. */
static const struct {
	struct str text, says;
} tight[] = {
	{STR_INIT("{'a':1234}\n2\n"), STR_INIT("1 {'a':1234}|2 2|")},
	{STR_INIT("{'a':12345}\n2\n"), STR_INIT("1!0|2 2|")},
	{STR_INIT("{'a':12345}"), STR_INIT("1!0|")},
	{STR_INIT("1\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n3\n"), STR_INIT("1 1|2!0|3 3|")},
	{STR_INIT("          \n           \n3\n"), STR_INIT("2!0|3 3|")},
	/* documents: a whole one is skipped */
	{STR_INIT("[\n1,\n2,\n3\n]\n7\n"), STR_INIT("1!0|6 7|")},
	{STR_INIT("[\n1,\n2\n]\n7\n"), STR_INIT("1 [~1,~2~]|5 7|")},
	{STR_INIT("[\n1,\n22\n]\n7\n"), STR_INIT("1 [~1,~22~]|5 7|")},
	{STR_INIT("[\n1,\n222\n]\n7\n"), STR_INIT("1 [~1,~222~]|5 7|")},
	{STR_INIT("[\n1,\n2222\n]\n7\n"), STR_INIT("1!0|5 7|")},
	{STR_INIT("{\n'a':\n{\n'b':\n[]\n}\n}\n7\n"), STR_INIT("1!0|8 7|")},
	{STR_INIT("[\n1,\n2,\n3,\n4,\n5,\n6\n]\n[\n]\n"), STR_INIT("1!0|9 [~]|")},
	{STR_INIT("[\n1,\n2,\n3,\n4,\n"), STR_INIT("1!0|")},
	/* one that is too long and breaks: reading resumes where it broke */
	{STR_INIT("[\n1,\n2,\n3,\n4,\n{'a':1]\n8\n"), STR_INIT("1!0|6!7|7 8|")},
	{STR_INIT("[\n1,\n2,\n3,\n4\n{'a':1}\n8\n"), STR_INIT("1!0|6 {'a':1}|7 8|")},
	/* the line that makes it too long may also break it */
	{STR_INIT("[\n1,\n22,\nbad\n8\n"), STR_INIT("4!1|5 8|")},
	{STR_INIT("[1,\nx00000000\n{}\n"), STR_INIT("1!4|2!1|3 {}|")},
	{STR_INIT("[\n1111,\n'bad\n8\n"), STR_INIT("1!0|3!5|4 8|")},
};

/* With a limit of 60 bytes, for documents in parts, of 30 bytes or more. */
static const struct {
	struct str text, says;
} parts[] = {
	/* text before the elements is in each part, text after them in the last */
	{STR_INIT("{'k':'List','items':[\n{'a':1},\n{'b':2},\n{'c':3},\n{'d':4}\n]}\n7\n"),
		STR_INIT("1 {'k':'List','items':[~{'a':1},~{'b':2}]}|1 {'k':'List','items':[~0,~{'c':3},~{'d':4}]}|"
			 "1 {'k':'List','items':[~0~]}|7 7|")},
	{STR_INIT("{'items':[{'a':1},{'b':2},{'c':3},{'d':4},{'e':5}],'k':'List'}\n7"),
		STR_INIT("1 {'items':[{'a':1},{'b':2},{'c':3}]}|1 {'items':[0,{'d':4},{'e':5}],'k':'List'}|2 7|")},
	/* at any depth; the outermost array with complete elements is split */
	{STR_INIT("{'h':{'h':[\n{'a':[{},{}]},\n{'b':[{}],'c':7},\n{'d':[{},{}]}\n]}}"),
		STR_INIT("1 {'h':{'h':[~{'a':[{},{}]}]}}|1 {'h':{'h':[~0,~{'b':[{}],'c':7}]}}|1 {'h':{'h':[~0,~{'d':[{},{}]}~]}}|")},
	{STR_INIT("[\n{'n':1,'x':[{'a':1},{'b':2},{'c':3},\n{'d':4},{'e':5}]},{'n':2}]\n"),
		STR_INIT("1 [~{'n':1,'x':[{'a':1},{'b':2},{'c':3}]}]|1 [~{'n':1,'x':[0,~{'d':4},{'e':5}]},{'n':2}]|1 [~0]|")},
	/* other elements stay in place, unless objects come before them */
	{STR_INIT("[1,[2],{'a':1},3,'x',{'b':2222222},4,{'c':3},5,'xxxxxxxxxxxxxxx']\n"),
		STR_INIT("1 [1,[2],{'a':1},3,'x',{'b':2222222}]|1 [1,[2],0,4,{'c':3},5,'xxxxxxxxxxxxxxx']|"
			 "1 [1,[2],0]|")},
	/* truncated, and invalid: complete elements, and the line where it breaks */
	{STR_INIT("{'items':[\n{'a':1},\n{'b':2},\n{'c':"), STR_INIT("1 {'items':[~{'a':1},~{'b':2}]}|4!6|")},
	{STR_INIT("{'items':[\n{'a':1},\n{'b':2},\n{'c':3},\n{'d':4},\n{'e'"),
		STR_INIT("1 {'items':[~{'a':1},~{'b':2},~{'c':3}]}|1 {'items':[~0,~{'d':4}]}|6!5|")},
	{STR_INIT("{'items':[{'a':1},{'b':2},{'c':'"), STR_INIT("1 {'items':[{'a':1},{'b':2}]}|1!33|")},
	{STR_INIT("{'items':[{'a':1},{'b':2},x]}\n7\n"), STR_INIT("1 {'items':[{'a':1},{'b':2}]}|1!27|2 7|")},
	{STR_INIT("[\n{'a':1},\n{'b':2}}\n{'c':3}\n"), STR_INIT("1 [~{'a':1},~{'b':2}]|3!8|4 {'c':3}|")},
	{STR_INIT("[\n{'a':1},\n{'b':2},\n'x'\n{'c':3}\n"), STR_INIT("1 [~{'a':1},~{'b':2},~'x']|5!1|5 {'c':3}|")},
	/* after the elements */
	{STR_INIT("{'items':[\n{'a':1},\n{'b':2}\n],\n"), STR_INIT("1 {'items':[~{'a':1},~{'b':2}]}|4!3|")},
	{STR_INIT("{'items':[\n{'a':1},\n{'b':2},\n{'c':3},\n{'d':4}\n],'k':"),
		STR_INIT("1 {'items':[~{'a':1},~{'b':2},~{'c':3}]}|1 {'items':[~0,~{'d':4}]}|6!7|")},
	{STR_INIT("{'x':{'items':[{'a':1}]},'y':[1,x]}\n7\n"), STR_INIT("1 {'x':{'items':[{'a':1}]}}|1!33|2 7|")},
	/* an element that is too long */
	{STR_INIT("[\n{'a':1},\n{'b':'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}\n]\n7\n"),
		STR_INIT("1 [~{'a':1}]|1 [~0]|1!0|5 7|")},
};

/* With a screen, several values on one line. */
static const struct {
	struct str text, says;
} joined[] = {
	{STR_INIT("{'a':'WORD'}{'b':'WORD'}\n{'c':'WORD'}"), STR_INIT("1 {'a':'WORD'}|1 {'b':'WORD'}|2 {'c':'WORD'}|")},
	{STR_INIT("{'a':'WORD'}{'b':1}[{'c':'WORD'}] \t{'d':'WORD'}"),
		STR_INIT("1 {'a':'WORD'}|1 [{'c':'WORD'}] \t|1 {'d':'WORD'}|")},
	{STR_INIT("{\n'a':'WORD'\n}{\n'b':'WORD'\n}\n{'c':'WORD'}"), STR_INIT("1 {~'a':'WORD'~}|3 {~'b':'WORD'~}|6 {'c':'WORD'}|")},
	{STR_INIT("{\n'a':'WORD'\n}{'b':'WORD'}{\n'c':'WORD'}"), STR_INIT("1 {~'a':'WORD'~}|3 {'b':'WORD'}|3 {~'c':'WORD'}|")},
	{STR_INIT("{'a':'WORD'}{}\n\n{'c':'WORD'}"), STR_INIT("1 {'a':'WORD'}|3 {'c':'WORD'}|")},
	/* other text is invalid there */
	{STR_INIT("{'a':'WORD'}x\n{'c':'WORD'}"), STR_INIT("1!13|2 {'c':'WORD'}|")},
	{STR_INIT("{'a':'WORD'},{'b':'WORD'}\n{'c':'WORD'}"), STR_INIT("1!13|2 {'c':'WORD'}|")},
};

/* With a key before each value, shown before it with a colon. */
static const struct {
	struct str text, says;
} keyed[] = {
	{STR_INIT("k\t{'a':1}\n-\t{'b':2}"), STR_INIT("k:1 {'a':1}|-:2 {'b':2}|")},
	{STR_INIT("\xef\xbb\xbfk\t{'a':1}\r\n\n \t \n*\t\t[1]\t\n"), STR_INIT("k:1 {'a':1}^|*:4 \t[1]\t|")},
	{STR_INIT("\t1\nk\t\nk\t2\n"), STR_INIT(":1 1|k:3 2|")},
	{STR_INIT("{'a':1}\nk\t2\n"), STR_INIT("1!1|k:2 2|")},
	/* values do not span lines; bytes are counted after the key */
	{STR_INIT("k\t{'a':\nk\t1}\nk\t2\n"), STR_INIT("k:1!6|k:2!2|k:3 2|")},
	{STR_INIT("k\t{'a':{}\nk\t}\n"), STR_INIT("k:1!8|k:2!1|")},
	{STR_INIT("k\t[{}]\n\t,{}]\nk\t{'x':1}\n"), STR_INIT("k:1 [{}]|:2!1|k:3 {'x':1}|")},
};
/* clang-format on */

static const struct str words[] = {STR_INIT("WORD"), STR_INIT("\"x\"")};
static struct sift screen;

static bool with_keys;
static struct idx *keys;

struct said {
	struct str says;
	uint64_t bytes, again;
	enum stream_what end;
};

/* ' becomes "; the copy has exactly the needed length. */
static struct str
json(struct mem *m, struct str s)
{
	char *p = mem_bytes(m, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\'' ? '"' : s.p[i];
	return (struct str){p, s.n};
}

static void
say(struct buf *b, enum stream_what what, const struct stream_item *it)
{
	if (it->key.p) {
		buf_add(b, it->key);
		buf_chr(b, ':');
	}
	buf_u64(b, it->line);
	if (what == STREAM_REJECT) {
		buf_chr(b, '!');
		buf_u64(b, it->at);
	} else {
		buf_chr(b, ' ');
		for (size_t i = 0; i < it->text.n; i++) {
			char c = it->text.p[i];

			buf_chr(b, c == '\n' ? '~' : c == '\r' ? '^' : c == '"' ? '\'' : c);
		}
		/* a value's text may or may not include its last newline */
		if (b->n && b->p[b->n - 1] == '~')
			b->n--;
	}
	buf_chr(b, '|');
}

/* All items of a stream of fd. */
static struct said
listen(struct stream *s, int fd, uint64_t limit, struct sift *sift, struct mem *m)
{
	struct buf b = {0};
	struct stream_item it;
	struct said said;

	stream_open(s, fd, limit, sift, NULL);
	s->keyed = with_keys;
	s->keys = keys;
	while ((said.end = stream_next(s, &it)) == STREAM_VALUE || said.end == STREAM_TEXT || said.end == STREAM_REJECT) {
		if (said.end == STREAM_TEXT)
			continue;
		if (said.end == STREAM_REJECT)
			CHECK(it.why && *it.why);
		say(&b, said.end, &it);
	}
	CHECK(!it.key.p); /* the end has no key: the last line's buffer is gone */
	said.says = mem_str(m, buf_str(&b));
	said.bytes = stream_bytes(s);
	said.again = s->again;
	stream_close(s);
	buf_free(&b);
	return said;
}

/* An unnamed file that contains the text. */
static int
file(struct str text)
{
	char name[] = "/tmp/stream_testXXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n <= 0)
			break;
		text = str_from(text, (size_t)n);
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static struct said
from_file(struct stream *s, struct str text, uint64_t limit, struct sift *sift, struct mem *m)
{
	int fd = file(text);
	struct said said = listen(s, fd, limit, sift, m);

	close(fd);
	return said;
}

/* The same through a pipe filled piece by piece. */
static struct said
from_pipe(struct stream *s, struct str text, unsigned piece, uint64_t limit, struct sift *sift, struct mem *m)
{
	char bs[] = "bs=0000000000";
	struct said said;
	int fd[2], in = file(text);
	pid_t pid;

	for (size_t i = sizeof(bs) - 2; piece; piece /= 10)
		bs[i--] = (char)('0' + piece % 10);
	if (pipe(fd) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		dup2(in, STDIN_FILENO);
		dup2(fd[1], STDOUT_FILENO);
		close(fd[1]);
		close(STDERR_FILENO); /* dd counts */
		execlp("dd", "dd", bs, (char *)NULL);
		_exit(127);
	}
	close(in);
	close(fd[1]);
	said = listen(s, fd[0], limit, sift, m);
	close(fd[0]);
	waitpid(pid, NULL, 0);
	return said;
}

/* The items of a stream that have a word of the screen. */
static struct str
with_words(struct str says, struct mem *m)
{
	struct buf b = {0};
	struct str one;

	while (str_cut(&says, '|', &one))
		if (str_has(one, S("WORD")) || str_has(one, S("'x'"))) {
			buf_add(&b, one);
			buf_chr(&b, '|');
		}
	one = mem_str(m, buf_str(&b));
	buf_free(&b);
	return one;
}

static struct str
rejects(struct str says, struct mem *m)
{
	struct buf b = {0};
	struct str one;

	while (str_cut(&says, '|', &one))
		if (str_find(one, S("!")) < str_find(one, S(" "))) {
			buf_add(&b, one);
			buf_chr(&b, '|');
		}
	one = mem_str(m, buf_str(&b));
	buf_free(&b);
	return one;
}

/* Are all items of part also in all, in that order? */
static bool
among(struct str part, struct str all)
{
	struct str one, other;

	while (str_cut(&part, '|', &one)) {
		if (one.n == 0)
			continue;
		do
			if (!str_cut(&all, '|', &other))
				return false;
		while (!str_eq(one, other));
	}
	return true;
}

static uint32_t seed = 7;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

static void
repeat(struct buf *b, const char *s, size_t n)
{
	while (n--)
		buf_add(b, str_of(s));
}

static const char *const piece[] = {
	"{'a':{}", "}", "]", "[[]", "[", "{", ",{}", ",", "{'a':", "{}", "1}", "{}", "[]", "",
	" ", "{'w':'WORD'}", "'WORD'", ",'b':'WORD'}", "{'a':[{}", "]}", ",[]", "[1]", "{'a':1}",
	"}}", "{} x", "'b':{}", ":", "{'a':'WORD'", ",'c':{}}", "[{},", "{x}", "{WORD}",
};

/* One to nine random lines. */
static void
put_pieces(struct buf *b)
{
	size_t n = 1 + roll(9);

	for (size_t i = 0; i < n; i++) {
		buf_add(b, str_of(piece[roll(NELEM(piece))]));
		buf_add(b, roll(8) ? S("\n") : i + 1 < n ? S("\r\n") : S(""));
	}
}

/* Items of a text after many lines with a word, or without. */
static struct str
behind(struct stream *s, struct str text, bool word, struct mem *m)
{
	enum { MANY = 70 };
	struct buf b = {0};
	struct str says, one;

	repeat(&b, word ? "{\"WORD\":1}\n" : "{}\n", MANY);
	buf_add(&b, text);
	says = from_file(s, buf_str(&b), LIMIT, &screen, m).says;
	for (int i = 0; i < MANY && word; i++)
		str_cut(&says, '|', &one);
	buf_free(&b);
	return says;
}

/* Print a text, to debug a failure. */
static void
show(struct str s)
{
	printf("# ");
	for (size_t i = 0; i < s.n; i++)
		putchar(s.p[i] == '\n' ? '~' : s.p[i]);
	printf("\n");
}

int
main(void)
{
	struct stream s = {0};
	struct mem m = {0};
	struct buf b = {0};
	struct said said, other;
	struct idx all = {0};
	struct str text;

	sift_init(&screen, words, NELEM(words));

	TEST("a key before each value");
	with_keys = true;
	for (size_t i = 0; i < NELEM(keyed); i++) {
		said = from_file(&s, json(&m, keyed[i].text), LIMIT, NULL, &m);
		CHECK_ROW(i, str_eq(said.says, keyed[i].says));
		if (!str_eq(said.says, keyed[i].says))
			show(said.says);
	}
	said = from_file(&s, json(&m, S("k\t{'x':1}\nk\t{}\nj\t{'x':2}\n")), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("k:1 {'x':1}|j:3 {'x':2}|")));
	said = from_file(&s, json(&m, S("k\t{'x':1}\nk\t{}\n")), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("k:1 {'x':1}|")));
	keys = &all;
	said = from_file(&s, json(&m, S("k\ta\nj\tb\nl\tc\nm\t{'x':1}\nn\td\n")), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("m:4 {'x':1}|")));
	CHECK(idx_find(&all, S("k")) && idx_find(&all, S("j")) && idx_find(&all, S("l")) && idx_find(&all, S("m")) && idx_find(&all, S("n")));
	keys = NULL;
	idx_free(&all);
	with_keys = false;

	TEST("values and rejected lines of a file");
	for (size_t i = 0; i < NELEM(rows); i++) {
		said = from_file(&s, json(&m, rows[i].text), LIMIT, NULL, &m);
		CHECK_ROW(i, said.end == STREAM_END);
		CHECK_ROW(i, str_eq(said.says, rows[i].says));
		if (!str_eq(said.says, rows[i].says))
			show(said.says);
		CHECK_ROW(i, said.bytes == rows[i].text.n);
	}

	TEST("the same through pipes, in pieces of every size");
	for (size_t i = 0; i < NELEM(rows); i++)
		for (unsigned chunk = 1; chunk < 8; chunk += 3) {
			said = from_pipe(&s, json(&m, rows[i].text), chunk, LIMIT, NULL, &m);
			CHECK_ROW(i, said.end == STREAM_END);
			CHECK_ROW(i, str_eq(said.says, rows[i].says));
			CHECK_ROW(i, said.bytes == rows[i].text.n);
		}

	TEST("with a screen: nothing with a word is lost, no more is rejected");
	for (size_t i = 0; i < NELEM(rows); i++) {
		said = from_file(&s, json(&m, rows[i].text), LIMIT, &screen, &m);
		CHECK_ROW(i, said.end == STREAM_END);
		CHECK_ROW(i, among(said.says, rows[i].says));
		CHECK_ROW(i, str_eq(with_words(said.says, &m), with_words(rows[i].says, &m)));
		CHECK_ROW(i, said.bytes == rows[i].text.n);
	}

	TEST("lines and documents that are too long");
	for (size_t i = 0; i < NELEM(tight); i++) {
		said = from_file(&s, json(&m, tight[i].text), 10, NULL, &m);
		CHECK_ROW(i, said.end == STREAM_END && said.bytes == tight[i].text.n);
		CHECK_ROW(i, str_eq(said.says, tight[i].says));
		if (!str_eq(said.says, tight[i].says))
			show(said.says);
		said = from_pipe(&s, json(&m, tight[i].text), 3, 10, NULL, &m);
		CHECK_ROW(i, str_eq(said.says, tight[i].says));
		said = from_file(&s, json(&m, tight[i].text), 10, &screen, &m);
		CHECK_ROW(i, among(said.says, tight[i].says));
	}

	TEST("large documents come in parts");
	for (size_t i = 0; i < NELEM(parts); i++) {
		said = from_file(&s, json(&m, parts[i].text), 60, NULL, &m);
		CHECK_ROW(i, said.end == STREAM_END && said.bytes == parts[i].text.n);
		CHECK_ROW(i, str_eq(said.says, parts[i].says));
		if (!str_eq(said.says, parts[i].says))
			show(said.says);
		said = from_pipe(&s, json(&m, parts[i].text), 3, 60, NULL, &m);
		CHECK_ROW(i, str_eq(said.says, parts[i].says));
	}

	TEST("concatenated values without a newline");
	for (size_t i = 0; i < NELEM(joined); i++)
		for (unsigned chunk = 0; chunk < 8; chunk += 2) {
			text = json(&m, joined[i].text);
			said = chunk ? from_pipe(&s, text, chunk, LIMIT, &screen, &m) : from_file(&s, text, LIMIT, &screen, &m);
			CHECK_ROW(i, said.end == STREAM_END && said.bytes == text.n);
			CHECK_ROW(i, str_eq(said.says, joined[i].says));
			if (!str_eq(said.says, joined[i].says))
				show(said.says);
		}

	TEST("a line that is too long hides nothing after it");
	b.n = 0;
	buf_add(&b, S("{\"a\":1}\n{\"a\":2}\n"));
	repeat(&b, "y", 300000); /* more than one read */
	buf_add(&b, S("\n{\"b\":\"WORD\"}\n"));
	said = from_file(&s, buf_str(&b), 1000, NULL, &m);
	CHECK(str_eq(said.says, S("1 {'a':1}|2 {'a':2}|3!0|4 {'b':'WORD'}|")));
	CHECK(said.bytes == b.n);
	said = from_file(&s, buf_str(&b), 1000, &screen, &m);
	CHECK(str_eq(said.says, S("3!0|4 {'b':'WORD'}|")));
	CHECK(said.bytes == b.n);

	TEST("a document that is too long and breaks in a line that is read in pieces: that line is read alone");
	b.n = 0;
	buf_add(&b, S("{\n"));
	repeat(&b, "'a':1,\n", 200000); /* longer than the limit, in many reads */
	repeat(&b, "'c':1,", 400000);   /* a line that is too long itself */
	buf_chr(&b, '\n');
	repeat(&b, "'a':1,\n", 100000);
	repeat(&b, "'b':1,", 160000);   /* more than one read */
	buf_add(&b, S("x\n8\n"));
	stream_free(&s);
	s = (struct stream){0};
	said = from_file(&s, json(&m, buf_str(&b)), LIMIT, NULL, &m);
	/* a string that ends before byte 4 */
	CHECK(str_eq(said.says, S("1!0|300003!4|300004 8|")));

	TEST("a screen: lines that look complete, without a word, are skipped unvalidated");
	said = from_file(&s, json(&m, S("{'a':1}\n{'WORD':2}\n{bad}\n{'b':'x'}\n[1]\n{'c':3}")), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("2 {'WORD':2}|4 {'b':'x'}|")));
	said = from_file(&s, json(&m, S("{'a':1\nbad\n{'WORD'}\nWORD\n")), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("1!7|3!8|")));

	TEST("a screen and documents, with a word in any line of them");
	for (int at = 0; at < 4; at++) {
		b.n = 0;
		repeat(&b, "{\"n\":1}\n", 3);
		buf_add(&b, at == 0 ? S("{\"WORD\":{}\n") : S("{\"a\":{}\n"));
		buf_add(&b, at == 1 ? S(",\"WORD\":{}\n") : S(",\"b\":{}\n"));
		buf_add(&b, at == 2 ? S(",\"c\":[\"WORD\"]\n") : S(",\"c\":[]\n"));
		buf_add(&b, at == 3 ? S(",\"d\":\"WORD\"}\n") : S("}\n"));
		repeat(&b, "{\"n\":2}\n", 3);
		said = from_file(&s, buf_str(&b), LIMIT, &screen, &m);
		other = from_file(&s, buf_str(&b), LIMIT, NULL, &m);
		CHECK_ROW(at, str_eq(said.says, with_words(other.says, &m)));
		CHECK_ROW(at, str_starts(said.says, S("4 {")));
		said = from_pipe(&s, buf_str(&b), 5, LIMIT, &screen, &m);
		CHECK_ROW(at, str_eq(said.says, with_words(other.says, &m)));
	}

	TEST("random lines, with and without a screen: 10000 inputs");
	{
		for (int round = 0; round < 10000; round++) {
			struct mem tmp = {0};
			bool same;

			b.n = 0;
			put_pieces(&b);
			text = json(&tmp, buf_str(&b));
			other = from_file(&s, text, LIMIT, NULL, &tmp);
			said = from_file(&s, text, LIMIT, &screen, &tmp);
			same = str_eq(with_words(said.says, &tmp), with_words(other.says, &tmp)) &&
			       among(rejects(said.says, &tmp), rejects(other.says, &tmp));
			CHECK_ROW(round, same);
			if (!same) {
				show(text);
				show(other.says);
				show(said.says);
				round = 10000;
			}
			mem_free(&tmp);
		}
	}

	TEST("where every line has a word, a screen rejects and misses no others");
	CHECK(str_eq(behind(&s, S("{}\n"), false, &m), S("")));
	CHECK(str_eq(behind(&s, S("{}\n"), true, &m), S("71 {}|"))); /* it is not searched */
	CHECK(str_eq(behind(&s, S("{bad}\n{\n}\n{\"x\":{\n}}\n"), true, &m), S("74 {'x':{~}}|")));
	for (int round = 0; round < 2000; round++) {
		struct mem tmp = {0};
		struct str dense, sparse;

		b.n = 0;
		put_pieces(&b);
		text = json(&tmp, buf_str(&b));
		dense = behind(&s, text, true, &tmp);
		sparse = behind(&s, text, false, &tmp);
		CHECK_ROW(round, str_eq(with_words(dense, &tmp), with_words(sparse, &tmp)));
		CHECK_ROW(round, str_eq(rejects(dense, &tmp), rejects(sparse, &tmp)));
		mem_free(&tmp);
	}

	TEST("lines are searched again once they have no word");
	b.n = 0;
	repeat(&b, "{\"n\":1}\n", 300);
	text = behind(&s, buf_str(&b), true, &m);
	CHECK(str_has(text, S("71 {'n':1}|")) && !str_has(text, S("200 ")) && !str_has(text, S("370 ")));

	TEST("long lines and many lines, in pieces of any size");
	b.n = 0;
	for (unsigned i = 0; i < 3000; i++) {
		buf_add(&b, S("{\"i\":"));
		buf_u64(&b, i);
		buf_add(&b, i % 7 ? S(",\"t\":\"") : S(",\"t\":\"WORD"));
		repeat(&b, "abcdefghij", i % 50 == 0 ? 3000 : i % 30);
		buf_add(&b, i % 11 ? S("\"}\n") : i % 3 ? S("\"\n}\n") : S("\",\n\"o\":{}\n}\r\n\n"));
	}
	other = from_file(&s, buf_str(&b), LIMIT, NULL, &m);
	CHECK(other.end == STREAM_END && other.bytes == b.n);
	CHECK(rejects(other.says, &m).n == 0);
	said = from_file(&s, buf_str(&b), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, with_words(other.says, &m)));
	for (unsigned chunk = 977; chunk < 300000; chunk *= 7) {
		said = from_pipe(&s, buf_str(&b), chunk, LIMIT, NULL, &m);
		CHECK_ROW(chunk, str_eq(said.says, other.says) && said.bytes == b.n);
		said = from_pipe(&s, buf_str(&b), chunk, LIMIT, &screen, &m);
		CHECK_ROW(chunk, str_eq(said.says, with_words(other.says, &m)));
	}

	TEST("a screen: a word that is read in two pieces");
	for (size_t cut = 0; cut <= 6; cut++) {
		b.n = 0;
		buf_add(&b, S("{\"n\":1}\n{\"n\":2,\"pad\":\""));
		while (b.n < 256 * 1024 - cut - 10) /* io.c reads 256 KiB at once */
			buf_chr(&b, 'y');
		buf_add(&b, S("\"}\n{\"n\":\"WORD\"}\n{\"n\":3}\n"));
		said = from_file(&s, buf_str(&b), LIMIT, &screen, &m);
		CHECK_ROW(cut, str_eq(said.says, S("3 {'n':'WORD'}|")));
	}

	TEST("one document of a megabyte");
	b.n = 0;
	buf_add(&b, S("{\"items\":[\n"));
	repeat(&b, "  {\"a\":1},\n", 100000);
	buf_add(&b, S("  {\"WORD\":2}\n]}\n[\"x\"]\n"));
	for (int i = 0; i < 2; i++) {
		said = from_file(&s, buf_str(&b), 2 << 20, i ? &screen : NULL, &m);
		CHECK_ROW(i, str_starts(said.says, S("1 {'items'")) && said.again == 0);
		CHECK_ROW(i, str_ends(said.says, S("|100004 ['x']|")));
	}
	for (int i = 0; i < 2; i++) {
		size_t elements = 0, at = 0;

		said = from_file(&s, buf_str(&b), LIMIT, i ? &screen : NULL, &m);
		CHECK(str_starts(said.says, S("1 {'items':[~")) && str_ends(said.says, S("|100004 ['x']|")));
		CHECK(!str_has(said.says, S("!")) && str_has(said.says, S("{'WORD':2}~]}|")));
		for (text = said.says; (at = str_find(text, S("{'a':1}"))) < text.n; text = str_from(text, at + 1))
			elements++;
		CHECK(i ? elements < 60000 : elements == 100000);
		mem_reset(&m);
	}

	TEST("arrays of anything also come in parts");
	{
		static const char *const value[] = {"0,", "\"\",", "[],", "[0],", "[[0,1],\"x\"],"};

		for (size_t i = 0; i < NELEM(value); i++) {
			size_t longest = 0, n = 0;
			struct str one;

			b.n = 0;
			buf_add(&b, S("{\"x\":["));
			repeat(&b, value[i], (6 << 20) / strlen(value[i]));
			buf_add(&b, S("\"WORD\"]}\n7\n"));
			said = from_file(&s, buf_str(&b), 1 << 24, NULL, &m);
			for (text = said.says; str_cut(&text, '|', &one); n++)
				longest = one.n > longest ? one.n : longest;
			CHECK_ROW(i, n > 5 && longest < 2 << 20);
			CHECK_ROW(i, str_has(said.says, S("'WORD'")) && str_ends(said.says, S("|2 7|")));
			mem_reset(&m);
		}
	}

	TEST("an invalid document whose word is before its elements");
	said = from_file(&s, S("{\"m\":{\"x\":[{\"w\":\"WORD\"}]},\"a\":[\n{\"b\":1},\n{"), LIMIT, &screen, &m);
	CHECK(str_eq(said.says, S("1 {'m':{'x':[{'w':'WORD'}]},'a':[~{'b':1}]}|3!2|")));

	TEST("beginnings that all fail are read 17 times at most");
	{
		static const char *const start[] = {
			"[\n", "{\"a\":\n", "[1,\n", "[[\n", "{\"a\":{}\n", "[[],\n", "[[[[[[[[[[[[[[[[\n", "{\"WORD\":[\n",
		};

		for (size_t i = 0; i < NELEM(start); i++) {
			b.n = 0;
			repeat(&b, start[i], (1 << 17) / strlen(start[i]));
			buf_add(&b, S("{\"WORD\":1}\n"));
			for (int k = 0; k < 2; k++) {
				said = from_file(&s, buf_str(&b), 1 << 24, k ? &screen : NULL, &m);
				CHECK_ROW(i, said.end == STREAM_END);
				CHECK_ROW(i, said.again <= 17 * (uint64_t)b.n);
				/* by itself, or as an element of the last ones */
				CHECK_ROW(i, str_has(said.says, S("{'WORD':1}")));
				mem_reset(&m);
			}
		}
	}

	TEST("long beginnings that fail only at their end");
	b.n = 0;
	for (int i = 0; i < 40; i++) {
		buf_add(&b, S("[\n"));
		repeat(&b, "{\"a\":1},\n", 500);
	}
	buf_add(&b, S("}\n{\"WORD\":1}\n"));
	said = from_file(&s, buf_str(&b), 1 << 24, NULL, &m);
	CHECK(said.end == STREAM_END && said.again <= 17 * (uint64_t)b.n);
	CHECK(str_ends(said.says, S("|20042 {'WORD':1}|")));

	TEST("read errors");
	{
		struct stream_item it;

		stream_open(&s, -1, LIMIT, NULL, NULL);
		CHECK(stream_next(&s, &it) == STREAM_ERROR);
		stream_close(&s);
		stream_open(&s, -1, LIMIT, &screen, NULL);
		CHECK(stream_next(&s, &it) == STREAM_ERROR);
		stream_close(&s);
	}

	TEST("a new input starts from scratch");
	said = from_file(&s, S("{\n\n\n"), LIMIT, NULL, &m);
	said = from_file(&s, S("{\"a\":1}\n"), LIMIT, NULL, &m);
	CHECK(str_eq(said.says, S("1 {'a':1}|")) && said.bytes == 8 && said.again == 0);

	stream_free(&s);
	buf_free(&b);
	mem_free(&m);
	return test_done();
}
