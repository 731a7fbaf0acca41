#include "input/text/node_xid.h"

#include "base/num.h"

bool
node_report_is_bad(struct str type, struct str status)
{
	return str_ieq(status, str_ends(type, S("Ready")) ? S("False") : S("True"));
}

static void
add(struct events *ev, const struct node_report *n, uint64_t code, struct str word)
{
	if (!code || code > 999999)
		return;
	events_add(ev, EVENT_XID,
		   &(struct xid){
			   .e = {.t = n->t, .node = events_node(ev, n->node), .uid = events_id(ev, n->uid)},
			   .code = code & XID_CODE,
			   .text = events_note(ev, n->note.n ? n->note : word),
			   .concluded = 1,
		   });
}

/* The code in "NvidiaXID79Error", or 0. */
static uint64_t
code_in(struct str word)
{
	uint64_t code;

	return (str_eat(&word, S("NvidiaXID")) || str_eat(&word, S("NvidiaXid"))) && num_eat(&word, &code) ? code : 0;
}

/* Add the codes in {"79":true,"48":true}. */
static void
listed(struct events *ev, const struct node_report *n)
{
	struct str rest = n->note, word;
	uint64_t code;

	while (str_cut(&rest, '"', &word)) {
		struct str value;

		if (!str_cut(&rest, '"', &word))
			return;
		value = str_trim(rest);

		if (num_eat(&word, &code) && word.n == 0 && str_eat(&value, S(":")) && str_starts(str_trim(value), S("true")))
			add(ev, n, code, n->note);
	}
}

void
node_report_add(struct events *ev, const struct node_report *n)
{
	uint64_t code = code_in(n->reason);
	struct str word = code ? n->reason : n->type;

	if (!events_want(ev, EVENT_XID) || str_has(n->note, S("NVRM: Xid (")))
		return; /* the driver's line has more detail */
	if (str_starts(n->type, S("XidCritical")) || str_starts(n->reason, S("XidCritical")))
		listed(ev, n);
	else
		add(ev, n, code ? code : code_in(n->type), word);
}
