/*
 * unicode - code points that are invisible to readers but change how they read
 * a text.
 * Source: Unicode 15.0, properties Bidi_Control (PropList.txt),
 * Default_Ignorable_Code_Point (DerivedCoreProperties.txt) and General_Category
 * Cf, Zl and Zp (extracted/DerivedGeneralCategory.txt).
 * Layer base: includes str.
 */
#ifndef UNICODE_H
#define UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* Does c have one of these properties, or is it a control character (Cc)? */
bool unicode_hidden(uint32_t c);

#endif
