/* jsmn itself, compiled once per program. */
#define JSMN_PARENT_LINKS /* without it jsmn is quadratic */
#include <jsmn.h>
