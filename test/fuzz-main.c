/* Run a fuzz target on files, seeds and past crashes, without a fuzzer. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fuzz.h"

int
main(int argc, char *argv[])
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		struct buf b = {0};
		size_t got;
		char *exact;

		if (!f) {
			perror(argv[i]);
			return 2;
		}
		while ((got = fread(buf_room(&b, 65536), 1, 65536, f)) > 0)
			b.n += got;
		fclose(f);
		/* an allocation of the exact size, to detect overreads */
		exact = malloc(b.n ? b.n : 1);
		for (size_t k = 0; exact && k < b.n; k++)
			exact[k] = b.p[k];
		LLVMFuzzerTestOneInput((const uint8_t *)exact, b.n);
		free(exact);
		buf_free(&b);
		printf("ok %d - %s\n", ++n, argv[i]);
	}
	printf("1..%d\n", n);
	return n == 0;
}
