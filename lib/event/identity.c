#include "event/identity.h"

#include "base/sort.h"

/* The value of a hexadecimal digit; 16 or more: it is none. */
static unsigned
hex_digit(char c)
{
	unsigned d = (unsigned char)(c - '0'), a = (unsigned char)((c | 0x20) - 'a');

	return d < 10 ? d : a < 6 ? a + 10 : 16;
}

static size_t
hex_len(struct str s)
{
	size_t i = 0;

	while (i < s.n && hex_digit(s.p[i]) < 16)
		i++;
	return i;
}

/* Up to 8 hexadecimal digits at the start of *s. */
static bool
eat_hex(struct str *s, uint32_t *v)
{
	size_t n = 0;

	*v = 0;
	for (unsigned d; n < s->n && (d = hex_digit(s->p[n])) < 16; n++)
		*v = *v << 4 | d;
	if (n == 0 || n > 8)
		return false;
	*s = str_from(*s, n);
	return true;
}

bool
pci_eat(struct str *s, struct pci *p)
{
	struct str t = *s;
	uint32_t part[3], fn = 0;
	size_t n = 0;
	bool said = str_eat(&t, S("PCI:")) || str_eat(&t, S("+pci:")) || str_eat(&t, S("pci:"));

	do
		if (!eat_hex(&t, &part[n]))
			return false;
	while (++n < 3 && str_eat(&t, S(":")));
	if (str_starts(t, S(".")) && hex_len(str_from(t, 1)) == 1) {
		t = str_from(t, 1);
		eat_hex(&t, &fn);
	} else if (!said && (n == 2 || hex_len(*s) < 4)) {
		return false; /* ambiguous: "3b:00", "12:30:45" */
	}
	if (n < 2 || part[n - 1] > 255 || part[n - 2] > 255 || fn > 7)
		return false;
	*p = (struct pci){
		.domain = n == 3 ? part[0] : 0,
		.bus = (uint8_t)part[n - 2],
		.dev = (uint8_t)part[n - 1],
		.fn = (uint8_t)fn,
		.known = 1,
	};
	*s = t;
	return true;
}

bool
pci_parse(struct str s, struct pci *p)
{
	struct pci q;

	s = str_trim(s);
	if (!pci_eat(&s, &q) || s.n)
		return false;
	*p = q;
	return true;
}

void
pci_put(struct buf *b, struct pci p)
{
	if (!p.known)
		return;
	buf_hex(b, p.domain, p.domain > 0xffff ? 8 : 4);
	buf_chr(b, ':');
	buf_hex(b, p.bus, 2);
	buf_chr(b, ':');
	buf_hex(b, p.dev, 2);
	buf_chr(b, '.');
	buf_hex(b, p.fn, 1);
}

size_t
uuid_len(struct str s)
{
	struct str t = s;

	if (!str_eat(&t, S("GPU-")) && !str_eat(&t, S("MIG-")))
		return 0;
	for (;;) {
		size_t n = hex_len(t);

		if (n == 0)
			return 0;
		t = str_from(t, n);
		if (!str_eat(&t, S("-")))
			return s.n - t.n;
	}
}

struct str
serial_of(struct str s)
{
	enum { SERIAL_MAX = 64 };
	bool digit = false;

	s = str_trim(s);
	if (str_ends(s, S(".")))
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		bool letter = (unsigned char)((s.p[i] | 0x20) - 'a') < 26;

		if (!letter && s.p[i] != '-' && (unsigned char)(s.p[i] - '0') >= 10)
			return (struct str){0};
		digit |= (unsigned char)(s.p[i] - '1') < 9;
	}
	return digit && s.n <= SERIAL_MAX ? s : (struct str){0};
}

struct str
id_cut(struct str s)
{
	enum { ID_MAX = 1024 };

	if (s.n <= ID_MAX)
		return s;
	s.n = ID_MAX;
	for (size_t back = 0; back < 3 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80; back++)
		s.n--;
	return s;
}

struct str
node_canon(struct str s, char *q)
{
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		q[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return (struct str){q, s.n};
}

bool
node_is_made(struct str name)
{
	enum { RANDOM = 5, ID = 12 };
	struct str tail = name.n > RANDOM ? str_from(name, name.n - RANDOM) : (struct str){0};

	if (name.n == ID && hex_len(name) == ID)
		return true;
	if (!tail.n || tail.p[-1] != '-')
		return false;
	for (size_t i = 0; i < tail.n; i++)
		if (str_find(S("bcdfghjklmnpqrstvwxz2456789"), str_head(str_from(tail, i), 1)) == 27)
			return false;
	return true;
}

struct str
node_label(struct str name)
{
	struct str rest = name, label = name;
	bool address = true;

	for (size_t i = 0; i < name.n; i++)
		address &= (unsigned char)(name.p[i] - '0') < 10 || name.p[i] == '.';
	if (!address)
		str_cut(&rest, '.', &label);
	return label;
}

bool
node_same(struct str a, struct str b)
{
	return str_eq(a, b) || (a.n && str_eq(a, node_label(b))) || (b.n && str_eq(b, node_label(a)));
}
