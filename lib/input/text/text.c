#include "input/text/text.h"

#define TEXT_ADDRESS(name) &name##_text,
const struct text_reader *const text_readers[] = {TEXT_READERS(TEXT_ADDRESS) NULL};

bool
text_has(const struct events *ev, struct str message)
{
	for (size_t i = 0; text_readers[i]; i++) {
		struct text t = {.rest = message};

		if (text_readers[i]->gives & ev->wants && text_readers[i]->next(&t))
			return true;
	}
	return false;
}

void
text_go_on(struct events *ev, struct str message, const struct origin *o, struct pci *named)
{
	struct pci from = *named;

	for (size_t i = 0; text_readers[i]; i++) {
		struct text t = {.rest = message, .ev = ev, .o = o, .named = from};

		if (!(text_readers[i]->gives & ev->wants))
			continue;
		while (text_readers[i]->next(&t))
			*named = t.named;
	}
}

void
text_read(struct events *ev, struct str message, const struct origin *o)
{
	text_go_on(ev, message, o, &(struct pci){0});
}
