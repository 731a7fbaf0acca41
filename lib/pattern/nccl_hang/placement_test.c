/* Lines of --ranks. */
#include "pattern/nccl_hang/nccl.h"

#include "base/test.h"

static const struct {
	const char *text;
	uint64_t bad; /* number of the line with an error; 0: none */
} texts[] = {
	{"", 0},
	{"0 gpu-1\n1-3\tgpu-2\n", 0},
	{"0: gpu-1\n1-3: gpu-2\n", 0},
	{"gpu-1\ngpu-2", 0},
	{"gpu-[1-3]", 0},
	{"# comment\n\n  \n 0 gpu-1 ", 0},
	{"0 gpu-1 and more", 0},
	{"0", 0}, /* a host's name */
	{"1048575 gpu-1", 0},
	{"1048576 gpu-1", 1},
	{"3-3 gpu-1", 0},
	{"3-2 gpu-1", 1},
	{"0-x gpu-1", 1},
	{"x gpu-1", 1},
	{"0a gpu-1", 1},
	{"0:", 0},
	{"0 gpu-[1-3]", 1},
	{"gpu-1\n0 gpu-2", 2},
	{"0 gpu-1\n# comment\ngpu-2", 3},
};

static bool
text_is(const char *text, uint64_t bad)
{
	struct mem mem = {0};
	struct str to = {0};
	uint64_t line = 0;
	const char *error = nccl_placement_parse(&to, str_of(text), &mem, &line);

	mem_free(&mem);
	if ((error != NULL) == (bad > 0) && (!error || line == bad))
		return true;
	printf("# %s: line %d: %s\n", text, (int)line, error ? error : "good");
	return false;
}

int
main(void)
{
	TEST("lines of --ranks");
	for (size_t i = 0; i < NELEM(texts); i++)
		CHECK_ROW(i, text_is(texts[i].text, texts[i].bad));
	return test_done();
}
