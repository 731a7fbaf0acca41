#include "event/key.h"

#include "event/identity.h"

enum { LABEL_MAX = 63 };

static bool
is_plain(unsigned char c)
{
	return char_letter(c) || char_digit(c) || c == '.' || c == '_' ||
	       c == '-';
}

void
key_put(struct buf *b, struct keys keys, unsigned k, struct str node, bool scraped)
{
	if (keys.every >> k & 1 || (scraped && keys.scraped >> k & 1)) {
		buf_add(b, KEY_EVERY);
		return;
	}
	key_put_node(b, keys.by_node >> k & 1 ? node : (struct str){0});
}

void
key_put_node(struct buf *b, struct str node)
{
	node = str_head(node_label(node), LABEL_MAX);
	if (node.n == 0)
		buf_add(b, KEY_ACROSS);
	for (size_t i = 0; i < node.n; i++) {
		unsigned char c = (unsigned char)node.p[i];

		if (is_plain(c)) {
			buf_chr(b, (char)c);
		} else {
			buf_chr(b, '%');
			buf_hex(b, c, 2);
		}
	}
}
