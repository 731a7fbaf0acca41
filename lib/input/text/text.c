#include "input/text/text.h"

#define TEXT_ADDRESS(name) &name##_text,
const struct text_reader *const text_readers[] = {TEXT_READERS(TEXT_ADDRESS) NULL};

void
text_words_init(struct text_words *w, unsigned wants)
{
	struct str words[SIFT_WORDS];
	size_t n = 0;

	for (size_t i = 0; text_readers[i]; i++)
		for (const struct word *word = text_readers[i]->words; text_readers[i]->gives & wants && word->gives && n < SIFT_WORDS; word++) {
			w->readers[n] = (unsigned short)(1u << i);
			words[n++] = word->text;
		}
	sift_init(&w->sift, words, n);
}

/* The readers that may use a message, as bits. */
static unsigned
readers_of(const struct events *ev, struct str message)
{
	unsigned readers = 0;

	for (size_t i = 0; text_readers[i]; i++)
		readers |= text_readers[i]->gives & ev->wants ? 1u << i : 0;
	return ev->words ? readers & sift_all(&ev->words->sift, ev->words->readers, message) : readers;
}

bool
text_has(const struct events *ev, struct str message)
{
	struct stamped known = {0};
	unsigned readers = readers_of(ev, message);

	for (size_t i = 0; text_readers[i]; i++)
		if (readers >> i & 1 && text_readers[i]->next(&(struct text){.rest = message, .known = &known}))
			return true;
	return false;
}

void
text_go_on(struct events *ev, struct str message, const struct origin *o, struct pci *named, struct stamped *known)
{
	struct pci from = *named;
	unsigned readers = readers_of(ev, message);

	for (size_t i = 0; readers >> i; i++)
		if (readers >> i & 1) {
			struct text t = {.rest = message, .ev = ev, .o = o, .named = from, .known = known};

			while (text_readers[i]->next(&t))
				*named = t.named;
		}
}

void
text_read(struct events *ev, struct str message, const struct origin *o)
{
	text_go_on(ev, message, o, &(struct pci){0}, &(struct stamped){0});
}
