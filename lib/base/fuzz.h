/*
 * fuzz - shared by fuzz targets: the entry point for libFuzzer, and a check
 * that aborts. https://llvm.org/docs/LibFuzzer.html
 * Layer base: for *_fuzz.c alone.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Try n bytes; always 0.  Aborts on failure. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline void
check(bool ok)
{
	if (!ok)
		abort();
}

#endif
