#include "input/influx.h"

#include <string.h>

#include "base/num.h"

/* Offset in s of the first of these characters that is neither escaped by a backslash
 * nor within quotes; s.n if there is none. */
static size_t
until(struct str s, const char *signs)
{
	size_t i;

	for (i = 0; i < s.n && !(s.p[i] && strchr(signs, s.p[i])); i++)
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
	return i;
}

/* Put a name or a tag's text as JSON, without the backslashes that escape
 * delimiters. */
static void
put(struct buf *json, struct str s)
{
	struct buf b = {0};

	if (!memchr(s.p, '\\', s.n)) {
		buf_json(json, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && strchr("\\, =\"", s.p[i + 1]))
			i++;
		buf_chr(&b, s.p[i]);
	}
	buf_json(json, buf_str(&b));
	buf_free(&b);
}

/* A field's value, as a text: "text", 88i, 88u, 88.5, t. */
static bool
eat_value(struct str *s, struct buf *json)
{
	size_t n;
	struct str word;
	int64_t any;

	if (str_eat(s, S("\""))) {
		n = until(*s, "\"");
		if (n == s->n)
			return false;
		put(json, str_head(*s, n));
		*s = str_from(*s, n + 1);
		return true;
	}
	n = until(*s, ", ");
	word = str_head(*s, n);
	*s = str_from(*s, n);
	if (str_ends(word, S("i")) || str_ends(word, S("u")))
		word.n--;
	buf_json(json, word);
	return num_fixed(word, 0, &any) || str_listed(S("t,T,true,True,TRUE,f,F,false,False,FALSE"), word);
}

/* ",name=text…" of tags, or "name=value,…" of fields, up to a blank. */
static bool
eat_pairs(struct str *s, bool fields, struct buf *json)
{
	struct str name;
	size_t n;

	buf_chr(json, '{');
	do {
		n = until(*s, "=, ");
		if (n == 0 || n == s->n || s->p[n] != '=')
			return false;
		name = str_head(*s, n);
		*s = str_from(*s, n + 1);
		if (json->p[json->n - 1] != '{')
			buf_chr(json, ',');
		put(json, name);
		buf_chr(json, ':');
		if (fields) {
			if (!eat_value(s, json))
				return false;
		} else {
			n = until(*s, ", ");
			put(json, str_head(*s, n));
			*s = str_from(*s, n);
		}
	} while (str_eat(s, S(",")));
	buf_chr(json, '}');
	return true;
}

/* Length of the measurement's name; 0 if neither tags nor fields follow, which rejects
 * most lines of text. */
static size_t
name_len(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case ',':
		case ' ':
			return i;
		case '=':
		case '{':
		case '"':
		case '[':
		case ':':
			return 0;
		case '\\':
			i++;
			break;
		default:
			break;
		}
	return 0;
}

static bool
object(struct str s, struct buf *json)
{
	size_t n = name_len(s);
	struct str name = str_head(s, n);
	uint64_t t;

	if (n == 0)
		return false;
	s = str_from(s, n);
	buf_add(json, S("{\"name\":"));
	put(json, name);
	buf_add(json, S(",\"tags\":"));
	if (!str_eat(&s, S(",")))
		buf_add(json, S("{}"));
	else if (!eat_pairs(&s, false, json))
		return false;
	buf_add(json, S(",\"fields\":"));
	if (!str_eat(&s, S(" ")) || !eat_pairs(&s, true, json))
		return false;
	if (str_eat(&s, S(" "))) {
		name = s;
		if (!num_eat(&s, &t))
			return false;
		buf_add(json, S(",\"timestamp\":"));
		buf_add(json, str_head(name, name.n - s.n));
	}
	buf_chr(json, '}');
	return s.n == 0;
}

bool
influx_object(struct str line, struct buf *json)
{
	size_t before = json->n;

	if (object(str_trim(line), json))
		return true;
	json->n = before;
	return false;
}
