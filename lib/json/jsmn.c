/* jsmn itself, once in the program. */
#define JSMN_PARENT_LINKS /* without it jsmn is quadratic */
#include <jsmn.h>
