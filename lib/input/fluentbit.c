#include "input/fluentbit.h"

#include "base/num.h"

/* Copy a string unchanged up to its closing quote. */
static void
put_text(struct str *s, struct buf *json)
{
	size_t n = 1;

	while (n < s->n && s->p[n] != '"')
		n += s->p[n] == '\\' && n + 1 < s->n ? 2 : 1;
	n = n < s->n ? n + 1 : n;
	buf_add(json, str_head(*s, n));
	*s = str_from(*s, n);
}

/* Copy members, with ':' in place of "=>" and null of nil. */
static void
put_members(struct str s, struct buf *json)
{
	while (s.n) {
		if (*s.p == '"') {
			put_text(&s, json);
		} else if (str_eat(&s, S("=>"))) {
			buf_chr(json, ':');
			if (str_eat(&s, S("nil")))
				buf_add(json, S("null"));
		} else {
			buf_chr(json, *s.p);
			s = str_from(s, 1);
		}
	}
}

/* "kern: [1778728320.401223000, {"msg":"x"}]" from the output plugin file */
static bool
file_object(struct str s, struct buf *json)
{
	struct str tag, seconds;
	int64_t t;

	if (!str_cut(&s, ' ', &tag) || !str_ends(tag, S(":")) || !str_eat(&s, S("[")) || !str_ends(s, S("}]")) ||
	    !str_cut(&s, ',', &seconds) || !num_fixed(seconds, 9, &t) || !str_eat(&s, S(" {\"")))
		return false;
	buf_add(json, S("{\"date\":"));
	buf_add(json, seconds);
	buf_add(json, S(",\""));
	buf_add(json, str_head(s, s.n - 1));
	return true;
}

bool
fluentbit_object(struct str line, struct buf *json)
{
	struct str s = str_trim(line), tag, seconds;
	int64_t t;
	uint64_t n;

	if (file_object(s, json))
		return true;
	if (!str_eat(&s, S("[")) || !num_eat(&s, &n) || !str_eat(&s, S("] ")) || !str_cut(&s, ' ', &tag) || !str_ends(tag, S(":")) ||
	    !str_eat(&s, S("[")) || !str_ends(s, S("}]")))
		return false;
	str_eat(&s, S("["));
	if (!str_cut(&s, ',', &seconds) || !num_fixed(seconds, 9, &t))
		return false;
	s = str_from(s, str_find(s, S("{\"")));
	if (s.n < sizeof("{\"") - 1 + sizeof("}]") - 1 || !str_has(s, S("\"=>")))
		return false;
	buf_add(json, S("{\"date\":"));
	buf_add(json, seconds);
	buf_chr(json, ',');
	put_members((struct str){s.p + 1, s.n - sizeof("}]")}, json);
	buf_chr(json, '}');
	return true;
}
