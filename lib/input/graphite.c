#include "input/graphite.h"

#include "base/num.h"

/* Length of a name at the start of s, up to ';'; 0 if there is none, which rejects most
 * lines of text. */
static size_t
name_len(struct str s)
{
	size_t n = 0;

	while (n < s.n && (char_letter(s.p[n]) || char_digit(s.p[n]) || s.p[n] == '_' || s.p[n] == '.' || s.p[n] == '-' || s.p[n] == ':'))
		n++;
	return n < s.n && s.p[n] == ';' ? n : 0;
}

/* The name that exporters give it: without a path in front of DCGM's names, with '_' in
 * telegraf's. */
static void
put_name(struct buf *json, struct str name)
{
	size_t dcgm = str_find(name, S(".DCGM_FI_"));

	buf_chr(json, '"');
	if (dcgm < name.n)
		name = str_from(name, dcgm + 1);
	for (size_t i = 0; i < name.n; i++)
		buf_chr(json, name.p[i] == '.' && str_starts(name, S("nvidia_smi.")) ? '_' : name.p[i]);
	buf_chr(json, '"');
}

static bool
object(struct str s, struct buf *json)
{
	size_t n = name_len(s);
	struct str tags, tag, name, value;
	int64_t any;
	uint64_t t;

	if (!n)
		return false;
	buf_add(json, S("{\"metric\":{\"__name__\":"));
	put_name(json, str_head(s, n));
	s = str_from(s, n + 1);
	if (!str_cut(&s, ' ', &tags))
		return false;
	while (str_cut(&tags, ';', &tag)) {
		if (!str_cut(&tag, '=', &name) || !name.n || !tag.p)
			return false;
		buf_chr(json, ',');
		buf_json(json, name);
		buf_chr(json, ':');
		buf_json(json, tag);
	}
	if (!str_cut(&s, ' ', &value) || !num_fixed(value, 0, &any) || !num_u64(s, &t))
		return false;
	buf_add(json, S("},\"value\":["));
	buf_add(json, s);
	buf_chr(json, ',');
	buf_json(json, value);
	buf_add(json, S("]}"));
	return true;
}

bool
graphite_object(struct str line, struct buf *json)
{
	size_t before = json->n;

	if (str_has(line, S(";")) && object(str_trim(line), json))
		return true;
	json->n = before;
	return false;
}
