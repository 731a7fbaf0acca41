/* golden-replay - run golden cases and compare every byte. */
#include <unistd.h>

#include "filter/replay.h"

struct config {
	bool update;
	struct str only, ignored;
};

static const struct opt options[] = {
	{'h', "help", OPT_HELP, 0, NULL, NULL, "print this and exit"},
	{'V', "version", OPT_VERSION, 0, NULL, NULL, "print the version and exit"},
	{'u', "update", OPT_FLAG, offsetof(struct config, update), NULL, NULL, "rewrite what differs"},
	{'p', "pattern", OPT_STR, offsetof(struct config, only), "PATTERN", NULL, "replay only cases of this filter or pattern"},
	{'i', "ignore", OPT_STR, offsetof(struct config, ignored), "MEMBER,...", NULL, "leave JSON members out of the comparison, such as headline,remediation"},
	{.kind = OPT_END},
};

int
main(int argc, char *argv[])
{
	struct out out = {.fd = STDOUT_FILENO}, err = {.fd = STDERR_FILENO};
	struct diag d = {.to = &err, .prog = S("golden-replay")};
	struct config c = {0};
	struct opt_run o = {
		.prog = d.prog,
		.about = S("Run filters on golden cases and compare every byte of their output."),
		.operands = "[DIR]...",
		.set = {{options, &c}},
		.out = &out,
		.look = filter_look(STDOUT_FILENO),
		.diag = &d,
	};
	struct replay r = {.out = &out, .diag = &d};
	int status = opt_parse(&o, argc, argv);

	if (status < 0) {
		r.update = c.update;
		r.only = c.only;
		r.ignored = c.ignored;
		replay(&r, argv + o.first, (size_t)(argc - o.first));
		status = r.status;
	}
	if (!out_flush(&out)) {
		DIAG(&d, S("(stdout): "), diag_errno(out.err));
		status = EX_FAIL;
	}
	if (err.err)
		status = EX_FAIL;
	buf_free(&out.b);
	buf_free(&err.b);
	return status;
}
