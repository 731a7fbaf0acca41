/*
 * fuzz - what fuzz targets share: the entry that libFuzzer calls, and a check
 * that ends the run.  https://llvm.org/docs/LibFuzzer.html
 * Layer base: for *_fuzz.c alone.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Try n bytes; 0 always.  What is wrong aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline void
check(bool ok)
{
	if (!ok)
		abort();
}

#endif
