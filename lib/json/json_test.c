#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "json/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "base/test_edge.h"

/* Texts that RFC 8259 allows. */
/* clang-format off */
static const struct str good[] = {
	/* any value is a text (2), with blanks around it or not */
	STR_INIT("null"), STR_INIT("true"), STR_INIT("false"), STR_INIT("0"),
	STR_INIT("\"\""), STR_INIT("[]"), STR_INIT("{}"),
	STR_INIT(" 1"), STR_INIT("1 "), STR_INIT("\t\r\n {} \t\r\n"),
	STR_INIT("[ ]"), STR_INIT("{ }"), STR_INIT("[\n]"), STR_INIT("{\r\n}"),
	STR_INIT(" [ 1 , 2 ] "), STR_INIT(" { \"a\" : 1 , \"b\" : 2 } "),
	/* objects (4): names need not be unique, may be empty */
	STR_INIT("{\"a\":1}"), STR_INIT("{\"a\":1,\"a\":2}"),
	STR_INIT("{\"\":0}"), STR_INIT("{\"a\":{\"b\":{}}}"),
	STR_INIT("{\"\\u0000\":1}"), STR_INIT("{\"a\":[],\"b\":\"\"}"),
	/* arrays (5) */
	STR_INIT("[1]"), STR_INIT("[[]]"), STR_INIT("[[],[]]"),
	STR_INIT("[null,true,false,1,\"x\",{},[]]"),
	/* numbers (6) */
	STR_INIT("-0"), STR_INIT("-1"), STR_INIT("10"), STR_INIT("0.0"),
	STR_INIT("1.25"), STR_INIT("-0.1"), STR_INIT("0e0"), STR_INIT("1e5"),
	STR_INIT("1E5"), STR_INIT("1e+5"), STR_INIT("1e-5"), STR_INIT("1e05"),
	STR_INIT("1.5E+003"), STR_INIT("123456789012345678901234567890"),
	STR_INIT("1e999999999"), STR_INIT("[0,-0,0.0e-0]"),
	/* strings (7): all escapes, everything that needs none */
	STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	STR_INIT("\"\\u0000\\u001f\\uabcd\\uABCD\\uaBcD\""),
	STR_INIT("\"/'\""), STR_INIT("\"\x7f\""), STR_INIT("\" \""),
	STR_INIT("\"\\ud800\""), STR_INIT("\"\\udc00\""),
	STR_INIT("\"\\ud83d\\ude00\""),
	STR_INIT("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""),
	/* in strings, bytes that are not UTF-8 */
	STR_INIT("\"\xff\""), STR_INIT("\"\x80\xfe\""), STR_INIT("\"\xc3\""),
	STR_INIT("\"\xed\xa0\x80\""), STR_INIT("{\"\xe9\":\"\xe9\"}"),
};

/* Texts that it does not allow, and the offset of the error. */
static const struct {
	struct str text;
	uint64_t at;
} bad[] = {
	/* no value, more than one, other text */
	{STR_INIT(""), 0}, {STR_INIT(" \n"), 2}, {STR_INIT("x"), 0},
	{STR_INIT("1 2"), 2}, {STR_INIT("{}{}"), 2}, {STR_INIT("[] x"), 3},
	{STR_INIT("{} \0"), 3}, {STR_INIT("\0"), 0},
	{STR_INIT("\xef\xbb\xbf{}"), 0}, {STR_INIT("\xc2\xa0{}"), 0},
	{STR_INIT("\v{}"), 0}, {STR_INIT("\f{}"), 0}, {STR_INIT("{}\f"), 2},
	{STR_INIT("/**/1"), 0}, {STR_INIT("1//"), 1}, {STR_INIT("[1#\n]"), 2},
	{STR_INIT("\x1e{}"), 0}, {STR_INIT("data: {}"), 0},
	/* objects */
	{STR_INIT("{"), 1}, {STR_INIT("}"), 0}, {STR_INIT("{]"), 1},
	{STR_INIT("{,}"), 1}, {STR_INIT("{1:2}"), 1}, {STR_INIT("{a:1}"), 1},
	{STR_INIT("{'a':1}"), 1}, {STR_INIT("{\"a\"}"), 4},
	{STR_INIT("{\"a\" 1}"), 5}, {STR_INIT("{\"a\":}"), 5},
	{STR_INIT("{\"a\":,}"), 5}, {STR_INIT("{\"a\"::1}"), 5},
	{STR_INIT("{\"a\":1,}"), 7}, {STR_INIT("{\"a\":1,,\"b\":2}"), 7},
	{STR_INIT("{\"a\":1 \"b\":2}"), 7}, {STR_INIT("{\"a\":1]"), 6},
	{STR_INIT("{\"a\":1,2}"), 7}, {STR_INIT("{\"a\",\"b\"}"), 4},
	{STR_INIT("{\"a\":1}}"), 7}, {STR_INIT("{null:1}"), 1},
	{STR_INIT("{\"a\":1"), 6}, {STR_INIT("{\"a\":"), 5},
	{STR_INIT("{[]:1}"), 1}, {STR_INIT("{\"a\":1:2}"), 6},
	/* arrays */
	{STR_INIT("["), 1}, {STR_INIT("]"), 0}, {STR_INIT("[}"), 1},
	{STR_INIT("[,]"), 1}, {STR_INIT("[1,]"), 3}, {STR_INIT("[,1]"), 1},
	{STR_INIT("[1,,2]"), 3}, {STR_INIT("[1 2]"), 3}, {STR_INIT("[1:2]"), 2},
	{STR_INIT("[1}"), 2}, {STR_INIT("[1]]"), 3}, {STR_INIT("[1"), 2},
	{STR_INIT("[\"a\":1]"), 4}, {STR_INIT("[[1]"), 4},
	{STR_INIT("[1;2]"), 2}, {STR_INIT("[...]"), 1},
	/* numbers */
	{STR_INIT("[-]"), 2}, {STR_INIT("[+1]"), 1}, {STR_INIT("[.5]"), 1},
	{STR_INIT("[1.]"), 3}, {STR_INIT("[1.e5]"), 3}, {STR_INIT("[-.5]"), 2},
	{STR_INIT("[01]"), 2}, {STR_INIT("[-01]"), 3}, {STR_INIT("[00]"), 2},
	{STR_INIT("[1e]"), 3}, {STR_INIT("[1e+]"), 4}, {STR_INIT("[1e-]"), 4},
	{STR_INIT("[1e1.5]"), 4}, {STR_INIT("[1e1e1]"), 4},
	{STR_INIT("[1.2.3]"), 4}, {STR_INIT("[0x1f]"), 2},
	{STR_INIT("[1a]"), 2}, {STR_INIT("[1_000]"), 2}, {STR_INIT("[--1]"), 2},
	{STR_INIT("[- 1]"), 2}, {STR_INIT("[NaN]"), 1},
	{STR_INIT("[Infinity]"), 1}, {STR_INIT("[-Infinity]"), 2},
	{STR_INIT("[1\xe5]"), 2}, {STR_INIT("[\xef\xbc\x91]"), 1},
	/* words */
	{STR_INIT("[True]"), 1}, {STR_INIT("[NULL]"), 1}, {STR_INIT("[nul]"), 1},
	{STR_INIT("[tru"), 1}, {STR_INIT("[nullx]"), 5}, {STR_INIT("[truefalse]"), 5},
	{STR_INIT("[None]"), 1}, {STR_INIT("[undefined]"), 1},
	{STR_INIT("[fals\0e]"), 1},
	/* strings: control characters, and missing ends */
	{STR_INIT("[\"a\nb\"]"), 3}, {STR_INIT("[\"a\tb\"]"), 3},
	{STR_INIT("[\"a\0b\"]"), 3}, {STR_INIT("[\"\x1f\"]"), 2},
	{STR_INIT("[\"a\rb\"]"), 3}, {STR_INIT("[\"a"), 3}, {STR_INIT("\""), 1},
	{STR_INIT("['a']"), 1}, {STR_INIT("[\"\"a]"), 3},
	{STR_INIT("{\"a\0\":1}"), 3},
};

/* Invalid escapes. */
static const struct str bad_escape[] = {
	STR_INIT("\"\\\""), STR_INIT("\"\\"), STR_INIT("\"\\x41\""),
	STR_INIT("\"\\a\""), STR_INIT("\"\\v\""), STR_INIT("\"\\0\""),
	STR_INIT("\"\\'\""), STR_INIT("\"\\U0041\""), STR_INIT("\"\\N\""),
	STR_INIT("\"\\u\""), STR_INIT("\"\\u0\""), STR_INIT("\"\\u00\""),
	STR_INIT("\"\\u004\""), STR_INIT("\"\\u004"), STR_INIT("\"\\u00g1\""),
	STR_INIT("\"\\u+041\""), STR_INIT("\"\\u 041\""),
	STR_INIT("\"\\ud83d\\u\""), STR_INIT("\"\\ud83d\\ude0\""),
	STR_INIT("\"\\\n\""), STR_INIT("\"\\ \""), STR_INIT("\"\\\xe5\""),
	STR_INIT("\"\\u\xe5\xe5\xe5\xe5\""), STR_INIT("{\"\\z\":1}"),
	STR_INIT("\"\\\0\""), STR_INIT("\"\\u00\0""0\""),
};

/* One value, fed by lines: all but the last are incomplete. */
static const struct {
	struct str line[8];
} lines[] = {
	{{STR_INIT("{\n"), STR_INIT("}\n")}},
	{{STR_INIT("[\n"), STR_INIT("1\n"), STR_INIT(",\n"), STR_INIT("2\n"), STR_INIT("]")}},
	{{STR_INIT("{\"a\"\r\n"), STR_INIT(":\r\n"), STR_INIT("[1,\r\n"), STR_INIT("true\r\n"),
	  STR_INIT("]\r\n"), STR_INIT(",\"b\":null\r\n"), STR_INIT("}\r\n")}},
	{{STR_INIT("\n"), STR_INIT("  \n"), STR_INIT("\"x\"\n")}},
	{{STR_INIT("{\"a\":{}\n"), STR_INIT(",\"b\":[]\n"), STR_INIT("\n"), STR_INIT("}")}},
	{{STR_INIT("["), STR_INIT("{"), STR_INIT("\"a\""), STR_INIT(":"), STR_INIT("1"),
	  STR_INIT("}"), STR_INIT("]")}},
};

/* Values that fail: on the last line given, at this offset of the whole. */
static const struct {
	struct str line[4];
	uint64_t at;
} breaks[] = {
	{{STR_INIT("{\n"), STR_INIT("]\n")}, 2},
	{{STR_INIT("{\"a\":1\n"), STR_INIT("\"b\":2}\n")}, 7},
	{{STR_INIT("[1,\n"), STR_INIT("\n"), STR_INIT("]\n")}, 5},
	{{STR_INIT("{\"a\":\n"), STR_INIT("{\"b\":1}\n"), STR_INIT("x\n")}, 14},
	{{STR_INIT("{}\n"), STR_INIT("{}\n")}, 3},
	{{STR_INIT("[\"a\n"), STR_INIT("b\"]\n")}, 3},
};

/* Strings and their meaning. */
static const struct {
	struct str text, means;
} texts[] = {
	{STR_INIT("\"\""), STR_INIT("")},
	{STR_INIT("\"plain\""), STR_INIT("plain")},
	{STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STR_INIT("\"\\/\b\f\n\r\t")},
	{STR_INIT("\"a\\nb\\nc\""), STR_INIT("a\nb\nc")},
	{STR_INIT("\"\\\\n\""), STR_INIT("\\n")},
	{STR_INIT("\"\\\\u0041\""), STR_INIT("\\u0041")},
	{STR_INIT("\"\\u0041\\u007e\""), STR_INIT("A~")},
	{STR_INIT("\"x\\u0000y\""), STR_INIT("x\0y")},
	{STR_INIT("\"\\u007f\\u0080\\u07ff\""), STR_INIT("\x7f\xc2\x80\xdf\xbf")},
	{STR_INIT("\"\\u0800\\uffff\""), STR_INIT("\xe0\xa0\x80\xef\xbf\xbf")},
	{STR_INIT("\"\\u00e9\\u00E9\""), STR_INIT("\xc3\xa9\xc3\xa9")},
	{STR_INIT("\"\\uFFFE\\ufeff\""), STR_INIT("\xef\xbf\xbe\xef\xbb\xbf")},
	/* pairs: the first, the last and one in between */
	{STR_INIT("\"\\ud800\\udc00\""), STR_INIT("\xf0\x90\x80\x80")},
	{STR_INIT("\"\\udbff\\udfff\""), STR_INIT("\xf4\x8f\xbf\xbf")},
	{STR_INIT("\"a\\uD83D\\uDE00b\""), STR_INIT("a\xf0\x9f\x98\x80""b")},
	/* unpaired surrogates */
	{STR_INIT("\"\\ud83d\""), STR_INIT("\xef\xbf\xbd")},
	{STR_INIT("\"\\ude00\""), STR_INIT("\xef\xbf\xbd")},
	{STR_INIT("\"\\ude00\\ud83d\""), STR_INIT("\xef\xbf\xbd\xef\xbf\xbd")},
	{STR_INIT("\"\\ud83d\\u0041\""), STR_INIT("\xef\xbf\xbd""A")},
	{STR_INIT("\"\\ud83dA\""), STR_INIT("\xef\xbf\xbd""A")},
	{STR_INIT("\"\\ud83d\\n\""), STR_INIT("\xef\xbf\xbd\n")},
	{STR_INIT("\"\\ud83d\\\\ude00\""), STR_INIT("\xef\xbf\xbd\\ude00")},
	{STR_INIT("\"\\ud83d\\ud83d\\ude00\""), STR_INIT("\xef\xbf\xbd\xf0\x9f\x98\x80")},
	{STR_INIT("\"\\ud83d\\ude00\\ude00\""), STR_INIT("\xf0\x9f\x98\x80\xef\xbf\xbd")},
	/* bytes that are not replaced here */
	{STR_INIT("\"\xff\\n\xfe\""), STR_INIT("\xff\n\xfe")},
	{STR_INIT("\"\xed\xa0\x80\""), STR_INIT("\xed\xa0\x80")},
	/* not strings: unchanged */
	{STR_INIT("123456789012345678901234567890"), STR_INIT("123456789012345678901234567890")},
	{STR_INIT("-0.10e+07"), STR_INIT("-0.10e+07")},
	{STR_INIT(" true "), STR_INIT("true")},
	{STR_INIT("\nnull\n"), STR_INIT("null")},
};

/* Members: the value's bytes as written, "no string" if there is no member. */
static const struct {
	struct str text, name, raw;
} members[] = {
	{STR_INIT("{\"a\":1}"), STR_INIT("a"), STR_INIT("1")},
	{STR_INIT("{\"a\":1}"), STR_INIT("b"), {NULL, 0}},
	{STR_INIT("{}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{}"), STR_INIT(""), {NULL, 0}},
	{STR_INIT("[\"a\",1]"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("\"a\""), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("1"), STR_INIT("1"), {NULL, 0}},
	/* the last of a repeated name */
	{STR_INIT("{\"a\":1,\"b\":2,\"a\":3}"), STR_INIT("a"), STR_INIT("3")},
	{STR_INIT("{\"a\":{\"x\":1},\"a\":null}"), STR_INIT("a"), STR_INIT("null")},
	{STR_INIT("{\"a\":1,\"\\u0061\":2}"), STR_INIT("a"), STR_INIT("2")},
	{STR_INIT("{\"\\u0061\":2,\"a\":1}"), STR_INIT("a"), STR_INIT("1")},
	/* whole names only, of this object only */
	{STR_INIT("{\"ab\":1}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{\"ab\":1}"), STR_INIT("abc"), {NULL, 0}},
	{STR_INIT("{\"A\":1}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{\"b\":{\"a\":1}}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{\"b\":[\"a\",{\"a\":0}],\"a\":7}"), STR_INIT("a"), STR_INIT("7")},
	{STR_INIT("{\"b\":\"a\",\"c\":1}"), STR_INIT("a"), {NULL, 0}},
	/* values of every kind, after nested ones */
	{STR_INIT("{\"x\":[[1],{}],\"a\":\"s\"}"), STR_INIT("a"), STR_INIT("s")},
	{STR_INIT("{\"x\":{\"y\":{}},\"a\":[1, 2]}"), STR_INIT("a"), STR_INIT("[1, 2]")},
	{STR_INIT("{\"a\" : { \"b\" : 1 } }"), STR_INIT("a"), STR_INIT("{ \"b\" : 1 }")},
	{STR_INIT("{\"a\":\"\",\"b\":1}"), STR_INIT("a"), STR_INIT("")},
	{STR_INIT("{\"a\":true}"), STR_INIT("a"), STR_INIT("true")},
	{STR_INIT("{\"a\":18446744073709551616}"), STR_INIT("a"), STR_INIT("18446744073709551616")},
	{STR_INIT("{\"a\":\"\\n\"}"), STR_INIT("a"), STR_INIT("\\n")},
	/* names written with escapes */
	{STR_INIT("{\"\":1}"), STR_INIT(""), STR_INIT("1")},
	{STR_INIT("{\"\\u004d\\u0045\":1}"), STR_INIT("ME"), STR_INIT("1")},
	{STR_INIT("{\"a\\/b\":1}"), STR_INIT("a/b"), STR_INIT("1")},
	{STR_INIT("{\"a\\tb\\\"\":1}"), STR_INIT("a\tb\""), STR_INIT("1")},
	{STR_INIT("{\"\\u0000\":1}"), STR_INIT("\0"), STR_INIT("1")},
	{STR_INIT("{\"\\u0000\":1}"), STR_INIT(""), {NULL, 0}},
	{STR_INIT("{\"a\\u0000b\":1}"), STR_INIT("a"), {NULL, 0}},
	{STR_INIT("{\"\\ud83d\\ude00\":1}"), STR_INIT("\xf0\x9f\x98\x80"), STR_INIT("1")},
	{STR_INIT("{\"\xf0\x9f\x98\x80\":1}"), STR_INIT("\xf0\x9f\x98\x80"), STR_INIT("1")},
	{STR_INIT("{\"\\ud83d\":1}"), STR_INIT("\xef\xbf\xbd"), STR_INIT("1")},
	{STR_INIT("{\"\\u00e9\":1}"), STR_INIT("\xc3"), {NULL, 0}},
	{STR_INIT("{\"a\\\\u0062\":1}"), STR_INIT("ab"), {NULL, 0}},
	{STR_INIT("{\"a\\\\u0062\":1}"), STR_INIT("a\\u0062"), STR_INIT("1")},
	{STR_INIT("{\"a\\u0062\":1}"), STR_INIT("a\\u0062"), {NULL, 0}},
	{STR_INIT("{\"\\n\":1}"), STR_INIT("\\n"), {NULL, 0}},
	{STR_INIT("{\"a\\u0062\":1}"), STR_INIT("abc"), {NULL, 0}},
	{STR_INIT("{\"\xff\":1}"), STR_INIT("\xff"), STR_INIT("1")},
};
/* Texts, and whether each has the shape of the previous one. */
static const struct {
	struct str text;
	bool alike;
} shapes[] = {
	{STR_INIT("{\"a\":1,\"b\":[\"x\",{\"c\":true}],\"d\":null}"), false},
	{STR_INIT("{\"a\":2,\"b\":[\"y\",{\"c\":true}],\"d\":null}"), true},
	{STR_INIT("{\"a\":-1.5e+9,\"b\":[\"\",{\"c\":false}],\"d\":12345678901234567890}"), true},
	{STR_INIT("{\"a\":null,\"b\":[\"much longer than before, \xff\",{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"a\":0,\"b\":[\"\\u0041\\\"\",{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"a\":0,\"b\":[\"A\",{\"c\":0}],\"d\":0}"), true},
	/* a string in place of a number and the reverse */
	{STR_INIT("{\"a\":\"0\",\"b\":[\"A\",{\"c\":0}],\"d\":0}"), false},
	{STR_INIT("{\"a\":\"0\",\"b\":[\"A\",{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"a\":0,\"b\":[\"A\",{\"c\":0}],\"d\":0}"), false},
	{STR_INIT("{\"a\":0,\"b\":[\"A\",{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"a\":0,\"b\":[7,{\"c\":0}],\"d\":0}"), false},
	/* a name, a blank, an order, one more member, a container in place of a
	 * scalar */
	{STR_INIT("{\"a\":0,\"B\":[7,{\"c\":0}],\"d\":0}"), false},
	{STR_INIT("{\"a\":0,\"B\":[7,{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"a\":0, \"B\":[7,{\"c\":0}],\"d\":0}"), false},
	{STR_INIT("{\"a\":0, \"B\":[7,{\"c\":0}],\"d\":0}"), true},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":0}],\"a\":0}"), false},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":0}],\"a\":0}"), true},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":0}],\"a\":0,\"e\":0}"), false},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":0}],\"a\":1,\"e\":0}"), true},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":[]}],\"a\":0,\"e\":0}"), false},
	{STR_INIT("{\"d\":0, \"B\":[7,{\"c\":{}}],\"a\":0,\"e\":0}"), false},
	/* a name with escapes: no shape */
	{STR_INIT("{\"\\u0061\":1}"), false},
	{STR_INIT("{\"\\u0061\":2}"), false},
	/* blanks at the ends; scalars alone; nothing but gaps */
	{STR_INIT(" [ 1 , 2 ] "), false},
	{STR_INIT(" [ 10 , -2 ] "), true},
	{STR_INIT(" [ 10 , -2 ]"), false},
	{STR_INIT("\"x\""), false},
	{STR_INIT("\"xyz\""), true},
	{STR_INIT("\"\\n\""), true},
	{STR_INIT("12"), false},
	{STR_INIT("null"), true},
	{STR_INIT("{\"a\":{},\"b\":[[]]}"), false},
	{STR_INIT("{\"a\":{},\"b\":[[]]}"), true},
	/* escapes in the text from which the shape is learned */
	{STR_INIT("{\"a\":\"\\n\",\"f\":1}"), false},
	{STR_INIT("{\"a\":\"\\n\",\"f\":20}"), true},
	{STR_INIT("{\"a\":\"n\",\"f\":20}"), true},
	{STR_INIT("{\"a\":\"\\n\",\"f\":2}"), true},
	{STR_INIT("{\"z\":\"x\",\"y\":\"\\n\"}"), false},
	{STR_INIT("{\"z\":\"x\",\"y\":\"n\"}"), true},
};

/* Texts with the shape of the first one, but invalid. */
static const struct {
	struct str text;
	enum json_is is;
	uint64_t at;
} misfits[] = {
	{STR_INIT("{\"a\":1,\"b\":[\"x\"]}"), JSON_DONE, 0},
	{STR_INIT("{\"a\":1,\"b\":[\"x\"]"), JSON_MORE, 0},
	{STR_INIT("{\"a\":1,\"b\":[\"x\"]}}"), JSON_BAD, 17},
	{STR_INIT("{\"a\":1,\"b\":[\"x\"]} "), JSON_DONE, 0},
	{STR_INIT("{\"a\":01,\"b\":[\"x\"]}"), JSON_BAD, 6},
	{STR_INIT("{\"a\":1.,\"b\":[\"x\"]}"), JSON_BAD, 7},
	{STR_INIT("{\"a\":,\"b\":[\"x\"]}"), JSON_BAD, 5},
	{STR_INIT("{\"a\":truth,\"b\":[\"x\"]}"), JSON_BAD, 5},
	{STR_INIT("{\"a\":1,\"b\":[\"x\\\"]}"), JSON_BAD, 18},
	{STR_INIT("{\"a\":1,\"b\":[\"\t\"]}"), JSON_BAD, 13},
	{STR_INIT("{\"a\":1,\"b\":[\"x"), JSON_BAD, 14},
	{STR_INIT("{\"a\":1,\"b\":["), JSON_MORE, 0},
	{STR_INIT("{\"a\":1,\"b\":[x]}"), JSON_BAD, 12},
	{STR_INIT("{\"a\":"), JSON_MORE, 0},
	{STR_INIT(""), JSON_MORE, 0},
};
/* clang-format on */

static const char *
check(struct str s)
{
	uint64_t at;

	return json_check(test_edge(s), &at);
}

static void
repeat(struct buf *b, const char *s, size_t n)
{
	while (n--)
		buf_add(b, str_of(s));
}

/* open n times, inner, close n times. */
static struct str
nested(struct buf *b, const char *open, const char *inner, const char *close, size_t n)
{
	b->n = 0;
	repeat(b, open, n);
	repeat(b, inner, 1);
	repeat(b, close, n);
	return buf_str(b);
}

static size_t
count(const struct str *line, size_t max)
{
	size_t n = 0;

	while (n < max && line[n].p)
		n++;
	return n;
}

/* Are the tokens, except for their sizes, those of jsmn? */
static bool
as_jsmn(struct json *j, struct str text)
{
	jsmntok_t tok[64];
	jsmn_parser p;
	int n;

	jsmn_init(&p);
	n = jsmn_parse(&p, text.p, text.n, tok, 64);
	json_parse(j, text);
	if (n <= 0 || n != j->n)
		return false;
	for (int i = 0; i < n; i++)
		if (tok[i].type != j->tok[i].type || tok[i].start != j->tok[i].start || tok[i].end != j->tok[i].end ||
		    tok[i].parent != j->tok[i].parent)
			return false;
	return true;
}

/* Does j, which parsed other texts before, parse this one as if it were new? */
static bool
as_new(struct json *j, struct str text)
{
	struct json k = {0};
	bool same;

	json_parse(&k, text);
	json_parse(j, text);
	same = k.n == j->n && k.escapes == j->escapes;
	for (int i = 0; i < k.n && same; i++)
		same = memcmp(&k.tok[i], &j->tok[i], sizeof(k.tok[i])) == 0 && k.name[i] == j->name[i];
	json_free(&k);
	return same;
}

/* Do the tokens that the check left in j equal those of a new parse? */
static bool
as_scanned(struct json *j, struct str text)
{
	struct json k = {0};
	struct json_scan s = {.to = j};
	bool same = json_scan(&s, text) == JSON_DONE;

	j->text = text;
	json_parse(&k, text);
	same = same && k.n == j->n && k.escapes == j->escapes;
	for (int i = 0; i < k.n && same; i++)
		same = memcmp(&k.tok[i], &j->tok[i], sizeof(k.tok[i])) == 0 && k.name[i] == j->name[i];
	json_free(&k);
	return same;
}

static unsigned seed = 1;

static unsigned
roll(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

/* An array of objects of a few shapes, which may contain arrays of others. */
static void
put_list(struct buf *b, unsigned depth)
{
	static const char *const object[] = {
		"{\"a\":1,\"b\":\"x\"}", "{\"a\":22,\"b\":\"\"}", "{\"a\":null,\"b\":\"\\\\yy\"}", "{ \"a\" : true }", "{}",
		"{\"a\":1,\"b\":[]}", "{\"\\u0061\":{\"c\":[{},{}]}}", "7", "\"s\"", "[[{\"a\":5,\"b\":\"z\"}]]", "{\"l\":[1,[2,3],{\"a\":1}]}",
	};
	static const char *const before[] = {"{\"n\":1,\"l\":", "{\"l\":", "["}, *const after[] = {"}", ",\"z\":[0]}", "]"};
	unsigned n = 1 + roll(20), favourite = roll(NELEM(object));

	buf_chr(b, '[');
	for (unsigned i = 0; i < n; i++) {
		unsigned k = roll(NELEM(before));

		if (i)
			buf_add(b, roll(4) ? S(",") : S(" ,\n"));
		if (depth && roll(3) == 0) {
			buf_add(b, str_of(before[k]));
			put_list(b, depth - 1);
			buf_add(b, str_of(after[k]));
		} else {
			buf_add(b, str_of(object[roll(3) ? favourite : roll(NELEM(object))]));
		}
	}
	buf_chr(b, ']');
}

/* Objects of an array, in turn, with a number in each. */
static const struct {
	struct str of[3], after;
} alike[] = {
	{{STR_INIT("{\"a\":"), STR_INIT("{\"a\":"), STR_INIT("{\"a\":")}, STR_INIT("}")},
	{{STR_INIT("{\"a\":\"x"), STR_INIT("{\"a\":\"x"), STR_INIT("{\"a\":\"x")}, STR_INIT("\",\"b\":[1,{\"c\":null}]}")},
	{{STR_INIT("{\"a\":"), STR_INIT("{\"b\":"), STR_INIT("{\"a\":{},\"c\":")}, STR_INIT("}")},
	{{STR_INIT("{\"a\":\"n\",\"b\":"), STR_INIT("{\"a\":1,\"b\":"), STR_INIT("{\"a\":1,\"c\":")}, STR_INIT("}")},
};

static void
test_shapes(void)
{
	struct json j = {0};
	struct json_scan s;
	struct buf b = {0};
	uint64_t last = 0;

	TEST("texts in a row, with the same shape or not");
	for (size_t i = 1; i < NELEM(shapes); i++) {
		for (int k = 0; k < 3; k++)
			CHECK_ROW(i, as_new(&j, shapes[i - 1].text));
		last = j.shape;
		CHECK_ROW(i, (last != 0) == !str_starts(shapes[i - 1].text, S("{\"\\u")));
		CHECK_ROW(i, as_new(&j, shapes[i].text));
		CHECK_ROW(i, (last && j.shape == last) == shapes[i].alike);
	}

	TEST("objects in arrays, with known shapes or not");
	for (int i = 0; i < 2000; i++) {
		b.n = 0;
		buf_add(&b, i % 3 ? S("{\"k\":\"List\",\"items\":") : S(""));
		put_list(&b, 3);
		buf_add(&b, i % 3 ? S(",\"end\":{}}") : S(" "));
		CHECK_ROW(i, as_scanned(&j, buf_str(&b)));
	}

	TEST("alike objects of an array are compared, not read again");
	for (size_t i = 0; i < NELEM(alike); i++) {
		json_free(&j);
		b.n = 0;
		buf_add(&b, S("{\"l\":["));
		for (unsigned k = 0; k < 400; k++) {
			buf_add(&b, k ? S(",") : S(""));
			buf_add(&b, alike[i].of[k % 3]);
			buf_u64(&b, k * k);
			buf_add(&b, alike[i].after);
		}
		buf_add(&b, S("]}"));
		CHECK_ROW(i, as_scanned(&j, buf_str(&b)) && j.own.spancap > 300); /* it only grows by these */
		CHECK_ROW(i, as_scanned(&j, buf_str(&b)));
	}
	TEST("of known shapes, too, 512 levels are read, and not 513");
	for (size_t n = 509; n < 513; n++) {
		b.n = 0;
		repeat(&b, "[", n);
		buf_add(&b, S("{\"a\":[0]}"));
		repeat(&b, ",{\"a\":[1]}", 600);
		repeat(&b, "]", n);
		s = (struct json_scan){.to = &j};
		CHECK_ROW(n, json_scan(&s, buf_str(&b)) == (n <= 510 ? JSON_DONE : JSON_BAD));
	}

	TEST("more shapes in one text than are remembered");
	for (unsigned i = 0; i < 200; i++) {
		b.n = 0;
		buf_chr(&b, '[');
		for (unsigned k = 0; k < 400; k++) {
			buf_add(&b, k ? S(",{\"") : S("{\""));
			buf_u64(&b, roll(20 + i));
			buf_add(&b, S("\":{\"a\":["));
			buf_u64(&b, roll(100000));
			buf_add(&b, S("]}}"));
		}
		buf_chr(&b, ']');
		CHECK_ROW(i, as_scanned(&j, buf_str(&b)));
	}

	TEST("lines of several shapes in turn");
	json_free(&j);
	for (int i = 0; i < 3000; i++) {
		b.n = 0;
		buf_add(&b, roll(2) ? S("{\"a\":1") : S("{\"a\":333"));
		buf_add(&b, roll(2) ? S(",\"b\":\"xy\"") : S(",\"c\":5"));
		buf_add(&b, roll(4) ? S(",\"d\":[1,2]}") : roll(2) ? S(",\"d\":[1,200]}") : S("}"));
		CHECK_ROW(i, as_new(&j, buf_str(&b)));
	}

	TEST("texts that differ from their shape are parsed correctly");
	for (size_t i = 0; i < NELEM(misfits); i++) {
		for (int k = 0; k < 3; k++)
			CHECK_ROW(i, as_new(&j, misfits[0].text));
		CHECK_ROW(i, j.shape);
		s = (struct json_scan){.to = &j};
		CHECK_ROW(i, json_scan(&s, test_edge(misfits[i].text)) == misfits[i].is);
		CHECK_ROW(i, misfits[i].is == JSON_BAD ? s.at == misfits[i].at : s.fed == misfits[i].text.n);
		CHECK_ROW(i, misfits[i].is != JSON_DONE || json_scan(&s, S("1")) == JSON_BAD);
		CHECK_ROW(i, misfits[i].is == JSON_DONE || (!j.shape && j.n == 0));
	}

	TEST("shapes of up to 256 tokens, 8192 bytes");
	for (int n = 253; n < 258; n++) {
		b.n = 0;
		repeat(&b, "[1", 1);
		repeat(&b, ",1", (size_t)(n - 2));
		buf_chr(&b, ']');
		for (int k = 0; k < 3; k++)
			CHECK_ROW(n, as_new(&j, buf_str(&b)));
		CHECK_ROW(n, j.n == n && (j.shape != 0) == (n <= 256));
	}
	for (size_t n = 8191; n < 8194; n++) {
		b.n = 0;
		json_free(&j);
		buf_chr(&b, '"');
		repeat(&b, "y", n - 2);
		buf_chr(&b, '"');
		for (int k = 0; k < 3; k++)
			CHECK_ROW(n, as_new(&j, buf_str(&b)));
		CHECK_ROW(n, (j.shape != 0) == (n <= 8192));
	}

	TEST("cached lookup of names in one shape");
	for (int k = 0; k < 9; k++) {
		b.n = 0;
		buf_add(&b, S("{\"beginning.a.the-end\":1,\"in\":{\"beginning.b.the-end\":"));
		buf_u64(&b, (uint64_t)1 << 5 * k);
		buf_add(&b, S("},\"beginning.c.the-end\":3,\"two\":4,\"two\":5}"));
		json_parse(&j, buf_str(&b));
		/* 0 object, 1 a 2, 3 in 4, 5 b 6, 7 c 8, 9 two 10, 11 two 12 */
		CHECK_ROW(k, json_get(&j, 4, S("beginning.c.the-end")) == -1);
		CHECK_ROW(k, json_get(&j, 4, S("beginning.b.the-end")) == 6);
		CHECK_ROW(k, json_get(&j, 4, S("beginning.a.the-end")) == -1);
		CHECK_ROW(k, json_get(&j, 0, S("beginning.b.the-end")) == -1);
		CHECK_ROW(k, json_get(&j, 0, S("beginning.a.the-end")) == 2);
		CHECK_ROW(k, json_get(&j, 0, S("beginning.c.the-end")) == 8);
		CHECK_ROW(k, json_get(&j, 0, S("beginning.d.the-end")) == -1);
		CHECK_ROW(k, json_get(&j, 0, S("two")) == 12);
		CHECK_ROW(k, k < 2 || j.shape);
	}
	b.n = 0;
	buf_add(&b, S("{\"x\":\"beginning.b.the-end\",\"beginning.a.the-end\":1}"));
	for (int k = 0; k < 9; k++) {
		json_parse(&j, buf_str(&b));
		CHECK_ROW(k, json_get(&j, 0, S("beginning.a.the-end")) == 4 && json_get(&j, 0, S("beginning.b.the-end")) == -1);
		CHECK_ROW(k, json_get(&j, 0, S("beginning.a.the-end")) == 4);
	}
	TEST("cached lookup depends on the object");
	b.n = 0;
	buf_add(&b, S("[{\"name\":[0"));
	repeat(&b, ",0", 60);
	buf_add(&b, S("]},{\"name\":0,\"x\":0}]"));
	for (int k = 0; k < 9; k++) {
		json_parse(&j, buf_str(&b));
		/* 0 array, 1 object, 2 name 3, its 61 elements, 65 object, 66 name */
		CHECK_ROW(k, json_get(&j, 1, S("name")) == 3);
		CHECK_ROW(k, json_get(&j, 65, S("name")) == 67);
		CHECK_ROW(k, json_get(&j, 65, S("x")) == 69);
		CHECK_ROW(k, json_get(&j, 1, S("x")) == -1);
	}
	b.n = 0;
	buf_add(&b, S("{\"a\":[0"));
	repeat(&b, ",0", 59);
	buf_add(&b, S("],\"o\":{\"name\":0},\"name\":1}"));
	for (int k = 0; k < 9; k++) {
		json_parse(&j, buf_str(&b));
		/* 0 object, 1 a 2, its 60 elements, 63 o, 64 object, 65 name 66, 67 name 68 */
		CHECK_ROW(k, json_get(&j, 64, S("name")) == 66 && json_get(&j, 0, S("name")) == 68);
	}
	json_free(&j);
	buf_free(&b);
}

/* Beginnings of arrays: can they go on?  ends: also if the last word ends here. */
static const struct {
	struct str text;
	bool more, ends;
} begun[] = {
	{STR_INIT("[t"), true, false}, {STR_INIT("[tru"), true, false}, {STR_INIT("[f"), true, false}, {STR_INIT("[fals"), true, false}, {STR_INIT("[n"), true, false},
	{STR_INIT("[nul"), true, false}, {STR_INIT("[true"), true, true}, {STR_INIT("[1,2"), true, true}, {STR_INIT("[-"), true, false}, {STR_INIT("[1e"), true, false},
	{STR_INIT("[\"a"), true, false}, {STR_INIT("[\"a\\"), true, false}, {STR_INIT("[\"a\\u"), true, false}, {STR_INIT("[\"a\\u00e"), true, false}, {STR_INIT("[\"a\""), true, true},
	{STR_INIT("[x"), false, false}, {STR_INIT("[tx"), false, false}, {STR_INIT("[trux"), false, false}, {STR_INIT("[nulL"), false, false}, {STR_INIT("[truee"), false, false},
	{STR_INIT("[\"a\\x"), false, false}, {STR_INIT("[\"a\\u0x"), false, false}, {STR_INIT("[\"a\\ux"), false, false}, {STR_INIT("[\"\n"), false, false}, {STR_INIT("[01"), false, false}, {STR_INIT("[1.x"), false, false},
	{STR_INIT("[\"a\\u00e9\\u12"), true, false},
};

/* Documents, read in one go or until `open`, and where the check stops: "part FED ARRAY FROM-TO"
 * with o if it has objects, "closed ARRAY TO", and the end. */
static const struct {
	struct str text;
	unsigned cut;
	uint64_t enough, deep, limit;
	bool open, more;
	const char *says;
} documents[] = {
#define NO UINT64_MAX
	/* the element that ends at `deep` or later completes a part */
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 0, NO, 8, NO, false, false,
		"part 8 1 1-8o, part 16 1 1-16o, part 24 1 1-24o, closed 1 24, done 25"},
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 0, NO, 9, NO, false, false, "part 16 1 1-16o, part 24 1 1-24o, closed 1 24, done 25"},
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 0, NO, 24, NO, false, false, "part 24 1 1-24o, closed 1 24, done 25"},
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 0, NO, 25, NO, false, false, "closed 1 24, done 25"},
	/* of the array that has yielded parts, at `enough`, until it is closed */
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 1, 16, NO, NO, false, false, "part 16 1 1-16o, part 24 1 1-24o, closed 1 24, done 25"},
	{STR_INIT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), 2, 16, NO, NO, false, false, "closed 1 24, done 25"},
	{STR_INIT("{\"l\":[{\"a\":1}],\"m\":[{\"a\":2}]}"), 2, 6, NO, NO, false, false, "part 13 2 6-13o, closed 2 27, done 29"},
	{STR_INIT("[[{\"a\":1}],{\"a\":2}]"), 2, 6, NO, NO, false, false, "part 9 2 2-9o, closed 1 18, done 19"},
	/* no element may end later than the limit: it stops before it, or there is none */
	{STR_INIT("[{\"a\":1},{\"a\":2}]"), 0, NO, NO, 17, false, false, "closed 1 16, done 17"},
	{STR_INIT("[{\"a\":1},{\"a\":2}]"), 0, NO, NO, 16, false, false, "part 16 1 1-16o"},
	{STR_INIT("[{\"a\":1},{\"a\":2}]"), 0, NO, NO, 15, false, false, "part 15 1 1-8o"},
	{STR_INIT("[{\"a\":1},2]"), 0, NO, NO, 9, false, false, "part 9 1 1-8o"},
	{STR_INIT("[{\"a\":1}  ]"), 0, NO, NO, 10, false, false, "part 10 1 1-8o"},
	{STR_INIT("[{\"a\":1}]"), 0, NO, NO, 7, false, false, "long 7"},
	{STR_INIT("[1,2]"), 0, NO, NO, 3, false, false, "long 3"},
	/* from the first object on, all elements of the array; the outermost array counts */
	{STR_INIT("[1,{\"a\":1},2,3]"), 0, NO, 14, NO, false, false, "part 14 1 3-14o, closed 1 14, done 15"},
	{STR_INIT("[1,2,3]"), 0, NO, 2, NO, false, false, "done 7"},
	{STR_INIT("{\"a\":1,\"b\":{\"c\":2}}"), 0, NO, 2, NO, false, false, "done 19"},
	{STR_INIT("{\"l\":[{\"m\":[{\"x\":1},{\"x\":2}]},{\"m\":[]}]}"), 0, NO, 20, NO, false, false,
		"part 27 4 12-27o, part 29 2 6-29o, part 38 2 6-38o, closed 2 38, done 40"},
	{STR_INIT("[[{\"a\":1}],[2]]"), 0, NO, 10, NO, false, false, "part 10 1 1-10o, part 13 1 1-10o, part 14 1 1-14o, closed 1 14, done 15"},
	{STR_INIT("[[1],{\"a\":1}]"), 0, NO, 2, NO, false, false, "part 12 1 5-12o, closed 1 12, done 13"},
	{STR_INIT("{\"l\":[{\"a\":1},3],\"m\":7}"), 0, NO, 15, NO, false, false, "part 15 2 6-15o, closed 2 15, done 23"},
	/* what follows on the line, and on the next */
	{STR_INIT("{} \t\n{}"), 0, NO, NO, NO, false, false, "done 5"},
	{STR_INIT("{}  "), 0, NO, NO, NO, false, false, "done 4"},
	{STR_INIT("{}  "), 0, NO, NO, NO, true, false, "more 4"},
	{STR_INIT("{} {}"), 0, NO, NO, NO, false, true, "done 3"},
	{STR_INIT("{} []"), 0, NO, NO, NO, false, true, "done 3"},
	{STR_INIT("{} 1"), 0, NO, NO, NO, false, true, "bad 3 text after the value"},
	{STR_INIT("{} {}"), 0, NO, NO, NO, false, false, "bad 3 text after the value"},
	/* a number or word that may go on is left for later */
	{STR_INIT("[1,23"), 0, NO, NO, NO, true, false, "more 3"},
	{STR_INIT("[1,23"), 0, NO, NO, NO, false, false, "more 5"},
	{STR_INIT("[1,\"23\""), 0, NO, NO, NO, true, false, "more 7"},
	{STR_INIT("[1,\"23"), 0, NO, NO, NO, true, false, "more 3"},
	{STR_INIT("{\"a\":1,\"b"), 0, NO, NO, NO, true, false, "more 7"},
#undef NO
};

/* The trace of a document's check, with or without shapes. */
static struct str
trace(struct buf *b, struct json *to, struct str text, const struct json_doc *of)
{
	struct json_doc d = *of;
	struct json_scan s = {.to = to, .doc = &d};
	enum json_is is = JSON_PART;

	b->n = 0;
	for (int i = 0; i < 100 && is == JSON_PART; i++) {
		is = json_scan(&s, str_from(text, (size_t)s.fed));
		if (is != JSON_PART && d.closed.array) {
			buf_add(b, S("closed "));
			buf_u64(b, d.closed.array);
			buf_chr(b, ' ');
			buf_u64(b, d.closed.to);
			buf_add(b, S(", "));
		}
		buf_add(b, is == JSON_PART ? S("part ") : is == JSON_DONE ? S("done ") : is == JSON_MORE ? S("more ") : is == JSON_LONG ? S("long ") : S("bad "));
		buf_u64(b, is == JSON_BAD ? s.at : s.fed);
		if (is == JSON_BAD) {
			buf_chr(b, ' ');
			buf_add(b, str_of(s.why));
		}
		if (is != JSON_PART)
			break;
		buf_chr(b, ' ');
		buf_u64(b, d.array);
		buf_chr(b, ' ');
		buf_u64(b, d.from);
		buf_chr(b, '-');
		buf_u64(b, d.to);
		buf_add(b, d.objects ? S("o") : S(""));
		if (s.fed >= d.limit)
			break;
		buf_add(b, S(", "));
	}
	return buf_str(b);
}

static void
test_documents(void)
{
	struct json j = {0};
	struct buf b = {0}, got = {0}, want = {0};

	TEST("where the check of a document stops");
	for (size_t i = 0; i < NELEM(documents); i++) {
		const struct json_doc d = {.cut = documents[i].cut, .enough = documents[i].enough, .deep = documents[i].deep,
			.limit = documents[i].limit, .open = documents[i].open, .more = documents[i].more};
		struct str is = trace(&got, NULL, test_edge(documents[i].text), &d);

		CHECK_ROW(i, str_eq(is, str_of(documents[i].says)));
		if (!str_eq(is, str_of(documents[i].says)))
			printf("# got:  %.*s\n# want: %s\n", (int)is.n, is.p, documents[i].says);
	}
	TEST("long strings in an array are parts, too, from 65536 bytes on");
	for (size_t n = 65533; n < 65537; n++) {
		const struct json_doc d = {.enough = UINT64_MAX, .deep = 9, .limit = UINT64_MAX};
		struct json_scan s = {.doc = &(struct json_doc){.enough = UINT64_MAX, .deep = 9, .limit = UINT64_MAX}};

		b.n = 0;
		buf_add(&b, S("[\""));
		repeat(&b, "y", n);
		buf_add(&b, S("\",1]"));
		CHECK_ROW(n, json_has_part(&d) == false);
		CHECK_ROW(n, (json_scan(&s, buf_str(&b)) == JSON_PART) && s.fed == n + (n >= 65534 ? 3 : 5));
	}
	TEST("it stops at the same places if the shapes of elements are known");
	b.n = 0;
	buf_add(&b, S("{\"l\":[{\"m\":[{\"x\":1},{\"x\":2}]}"));
	repeat(&b, ",{\"m\":[{\"x\":1},{\"x\":22}]}", 600);
	buf_add(&b, S("],\"end\":1}"));
	for (uint64_t at = b.n - 300; at < b.n - 200; at++)
		for (int which = 0; which < 3; which++) {
			const struct json_doc d = {.cut = which == 2 ? 2 : 0, .enough = which == 2 ? at : UINT64_MAX, .deep = which == 0 ? at : UINT64_MAX,
				.limit = which == 1 ? at : UINT64_MAX};
			struct str same = trace(&want, NULL, buf_str(&b), &d);

			CHECK_ROW(at, str_eq(trace(&got, &j, buf_str(&b), &d), same) && same.n > 20);
		}
	CHECK(j.own.numbers > 0);
	json_free(&j);
	buf_free(&b);
	buf_free(&got);
	buf_free(&want);
}

int
main(void)
{
	static const char cut[2] = {'\xe2', '\x82'}; /* no byte behind it may be read */
	struct json j = {0};
	struct buf b = {0};
	struct mem m = {0};
	uint64_t at;

	TEST("valid texts");
	for (size_t i = 0; i < NELEM(good); i++) {
		struct json_scan s = {0};

		CHECK_ROW(i, !check(good[i]));
		CHECK_ROW(i, json_scan(&s, test_edge(good[i])) == JSON_DONE);
		CHECK_ROW(i, s.fed == good[i].n && s.depth == 0);
	}

	TEST("invalid texts, with the offset of the error");
	for (size_t i = 0; i < NELEM(bad); i++) {
		const char *why = json_check(test_edge(bad[i].text), &at);

		CHECK_ROW(i, why && *why);
		CHECK_ROW(i, why && at == bad[i].at);
	}
	for (size_t i = 0; i < NELEM(bad_escape); i++)
		CHECK_ROW(i, check(bad_escape[i]));

	TEST("no prefix of an object or array is a value");
	for (size_t i = 0; i < NELEM(good); i++)
		for (size_t n = 1; n < str_trim(good[i]).n; n++) {
			struct json_scan s = {0};
			struct str t = str_trim(good[i]);
			enum json_is is = json_scan(&s, test_edge(str_head(t, n)));

			CHECK_ROW(i, (*t.p != '{' && *t.p != '[') || is != JSON_DONE);
		}

	TEST("a missing string is not a value");
	CHECK(check((struct str){0}));

	TEST("every control character in a string, and no other byte");
	for (unsigned c = 0; c < 256; c++) {
		char t[] = "\"a?b\"";

		t[2] = (char)c;
		CHECK_ROW(c, (c < ' ' || c == '"' || c == '\\') == (check((struct str){t, 5}) != NULL) ||
				     c == '\\'); /* \b is an escape */
	}

	TEST("every letter after a backslash");
	for (unsigned c = 1; c < 256; c++) {
		char t[] = "\"\\?\"";

		t[2] = (char)c;
		CHECK_ROW(c, (strchr("\"\\/bfnrt", (int)c) != NULL) == !check((struct str){t, 4}) || c == '"');
	}
	CHECK(check(S("\"\\\"")));
	CHECK(!check(S("\"\\\"\"")));

	TEST("only four blanks");
	for (unsigned c = 0; c < 256; c++) {
		char t[] = "[?1]", u[] = "1?";

		t[1] = u[1] = (char)c;
		if (!(c >= '0' && c <= '9') && c != '-' && c != '[')
			CHECK_ROW(c, (c && strchr(" \t\n\r", (int)c)) == !check((struct str){t, 4}));
		if (!(c >= '0' && c <= '9'))
			CHECK_ROW(c, (c && strchr(" \t\n\r", (int)c)) == !check((struct str){u, 2}));
	}

	TEST("512 levels, not 513");
	CHECK(JSON_DEPTH == 512);
	CHECK(!check(nested(&b, "[", "", "]", 512)));
	CHECK(!check(nested(&b, "[", "1", "]", 512)));
	CHECK(!check(nested(&b, "{\"a\":", "[]", "}", 511)));
	CHECK(!check(nested(&b, "[{\"a\":", "0", "}]", 256)));
	CHECK(!check(nested(&b, "{\"a\":[", "0,{}", "]}", 255)));
	CHECK(json_check(nested(&b, "[", "", "]", 513), &at) && at == 512);
	CHECK(check(nested(&b, "{\"a\":", "0", "}", 513)));
	CHECK(check(nested(&b, "[{\"a\":", "[]", "}]", 256)));
	CHECK(check(nested(&b, "[", "", "]", 100000)));
	CHECK(check(nested(&b, "[", "", "", 512)));
	CHECK(!check(S("[[1],[2],[[3]]]"))); /* closed levels do not count */

	TEST("brackets must match");
	for (size_t d = 0; d < 512; d += 37) {
		nested(&b, "[", "", "]", 512);
		b.p[512 + d] = '}';
		CHECK_ROW(d, json_check(buf_str(&b), &at) && at == 512 + d);
	}
	nested(&b, "[{\"a\":", "0", "}]", 256);
	b.p[b.n - 100] = b.p[b.n - 100] == ']' ? '}' : ']';
	CHECK(json_check(buf_str(&b), &at) && at == b.n - 100);

	TEST("by lines: incomplete until the last line");
	for (size_t i = 0; i < NELEM(lines); i++) {
		struct json_scan s = {0};
		size_t n = count(lines[i].line, NELEM(lines[i].line));

		b.n = 0;
		for (size_t k = 0; k < n; k++) {
			buf_add(&b, lines[i].line[k]);
			CHECK_ROW(i, json_scan(&s, lines[i].line[k]) == (k + 1 < n ? JSON_MORE : JSON_DONE));
			CHECK_ROW(i, s.fed == b.n);
		}
		CHECK_ROW(i, !check(buf_str(&b)));
		/* only blanks may follow */
		CHECK_ROW(i, json_scan(&s, S(" \r\n")) == JSON_DONE);
		CHECK_ROW(i, json_scan(&s, (struct str){0}) == JSON_DONE);
		CHECK_ROW(i, json_scan(&s, S("1")) == JSON_BAD && s.at == b.n + 3);
	}

	TEST("by lines: incomplete, then the error, with its offset");
	for (size_t i = 0; i < NELEM(breaks); i++) {
		struct json_scan s = {0};
		size_t n = count(breaks[i].line, NELEM(breaks[i].line));
		enum json_is is = JSON_MORE;
		size_t k;

		for (k = 0; k < n && is != JSON_BAD; k++)
			is = json_scan(&s, breaks[i].line[k]);
		CHECK_ROW(i, is == JSON_BAD && s.why && *s.why);
		CHECK_ROW(i, s.at == breaks[i].at);
	}

	TEST("depth continues from line to line");
	{
		struct json_scan s = {0};

		for (int i = 0; i < 512; i++)
			CHECK_ROW(i, json_scan(&s, S("[\n")) == JSON_MORE && s.depth == (unsigned)i + 1);
		CHECK(json_scan(&s, S("[\n")) == JSON_BAD && s.at == 1024);
	}

	TEST("texts of strings, numbers and words");
	for (size_t i = 0; i < NELEM(texts); i++) {
		CHECK_ROW(i, !check(texts[i].text));
		json_parse(&j, texts[i].text);
		CHECK_ROW(i, j.n == 1 && json_after(&j, 0) == 1);
		CHECK_ROW(i, str_eq(json_text(&j, 0, &m), texts[i].means));
		if (*str_trim(texts[i].text).p == '"')
			CHECK_ROW(i, json_is(&j, 0, texts[i].means));
	}

	TEST("members by name");
	for (size_t i = 0; i < NELEM(members); i++) {
		int at_token;

		CHECK_ROW(i, !check(members[i].text));
		json_parse(&j, members[i].text);
		at_token = json_get(&j, 0, members[i].name);
		CHECK_ROW(i, (at_token < 0) == !members[i].raw.p);
		if (at_token >= 0)
			CHECK_ROW(i, str_eq(json_raw(&j, at_token), members[i].raw));
	}
	CHECK(json_get(&j, -1, S("a")) == -1);

	TEST("comparison with the unescaped string");
	json_parse(&j, S("\"a\\u0062c\""));
	CHECK(json_is(&j, 0, S("abc")));
	CHECK(!json_is(&j, 0, S("ab")));
	CHECK(!json_is(&j, 0, S("abcd")));
	CHECK(!json_is(&j, 0, S("a\\u0062c")));
	CHECK(!json_is(&j, 0, S("")));
	CHECK(!json_is(&j, 0, (struct str){0}));
	json_parse(&j, S("\"\\u20ac\""));
	CHECK(json_is(&j, 0, S("\xe2\x82\xac")));
	CHECK(!json_is(&j, 0, S("\xe2\x82")));
	CHECK(!json_is(&j, 0, (struct str){cut, sizeof(cut)}));
	CHECK(!json_is(&j, 0, S("\xe2\x82\xac\xac")));

	TEST("json_after skips the subtree");
	json_parse(&j, S("{\"a\":[1,[2,3],{}],\"b\":{\"c\":{\"d\":4}},\"e\":5}"));
	/* 0 object, 1 a, 2 array, 3 1, 4 array, 5 2, 6 3, 7 {}, 8 b, 9 object,
	 * 10 c, 11 object, 12 d, 13 4, 14 e, 15 5 */
	CHECK(j.n == 16);
	CHECK(json_after(&j, 0) == 16);
	CHECK(json_after(&j, 1) == 8);
	CHECK(json_after(&j, 2) == 8);
	CHECK(json_after(&j, 3) == 4);
	CHECK(json_after(&j, 4) == 7);
	CHECK(json_after(&j, 6) == 7);
	CHECK(json_after(&j, 7) == 8);
	CHECK(json_after(&j, 8) == 14);
	CHECK(json_after(&j, 9) == 14);
	CHECK(json_after(&j, 13) == 14);
	CHECK(json_after(&j, 14) == 16);
	CHECK(str_eq(json_raw(&j, json_get(&j, json_get(&j, 9, S("c")), S("d"))), S("4")));

	TEST("tokens equal jsmn's");
	for (size_t i = 0; i < NELEM(good); i++)
		CHECK_ROW(i, as_jsmn(&j, good[i]));
	for (size_t i = 0; i < NELEM(texts); i++)
		CHECK_ROW(i, as_jsmn(&j, texts[i].text));
	for (size_t i = 0; i < NELEM(members); i++)
		CHECK_ROW(i, as_jsmn(&j, members[i].text));
	CHECK(as_jsmn(&j, S("{\"a\":[1,[2,\"3\"],{},null],\"b\":{\"c\":{\"d\":-4.5e6}},\"e\\\"\":\"\\\\\"}")));

	TEST("names of every length, and names that differ in one byte");
	for (size_t n = 0; n < 40; n++) {
		char name[] = "abcdefghijklmnopqrstuvwxyz0123456789-._:";

		b.n = 0;
		buf_add(&b, S("{\"x\":0,\""));
		buf_add(&b, (struct str){name, n});
		buf_add(&b, S("\":1,\"y\":2}"));
		json_parse(&j, buf_str(&b));
		CHECK_ROW(n, json_get(&j, 0, (struct str){name, n}) == 4);
		CHECK_ROW(n, json_get(&j, 0, (struct str){name, n + 1}) == -1);
		for (size_t i = 0; i < n; i++) {
			name[i] ^= 1;
			CHECK_ROW(n, json_get(&j, 0, (struct str){name, n}) == -1);
			name[i] ^= 1;
		}
	}

	TEST("scan by lines, then tokens of the whole");
	{
		struct str rest = S("{\"a\":\n[1,\n\n{\"b\\u0063\" : 2}\n]\n}"), line;
		struct json_scan scan = {.to = &j};

		b.n = 0;
		buf_add(&b, rest);
		while (str_cut(&rest, '\n', &line))
			json_scan(&scan, (struct str){line.p, line.n + (rest.p != NULL)});
		json_tokens(&j, buf_str(&b));
		CHECK(j.n == 7 && j.escapes);
		CHECK(str_eq(json_raw(&j, 2), S("[1,\n\n{\"b\\u0063\" : 2}\n]")));
		CHECK(json_get(&j, 4, S("bc")) == 6);
	}

	TEST("a name with escapes equals its text alone, no part of it");
	{
		const struct str text = S("ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n");

		json_parse(&j, S("[\"ab\\u00e9\\u20ac\\ud83d\\ude00\\n\"]"));
		for (size_t n = 0; n <= text.n; n++)
			CHECK_ROW(n, json_is(&j, 1, test_edge(str_head(text, n))) == (n == text.n));
		CHECK(!json_is(&j, 1, S("ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\nx")) && !json_is(&j, 1, S("ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x81\n")));
	}

	TEST("a word, string or number that more bytes may complete");
	for (size_t i = 0; i < NELEM(begun); i++) {
		struct json_doc d = {.open = true, .enough = UINT64_MAX, .deep = UINT64_MAX, .limit = UINT64_MAX};
		struct json_scan s = {.doc = &d};

		CHECK_ROW(i, json_scan(&s, test_edge(begun[i].text)) == (begun[i].more ? JSON_MORE : JSON_BAD));
		/* the same bytes at the end of the input are no value */
		d.open = false;
		s = (struct json_scan){.doc = &d};
		CHECK_ROW(i, json_scan(&s, begun[i].text) == (begun[i].ends ? JSON_MORE : JSON_BAD));
	}

	TEST("512 levels, and many tokens");
	json_parse(&j, nested(&b, "{\"a\":", "7", "}", 512));
	{
		int i = 0;

		for (int d = 0; d < 512 && i >= 0; d++)
			i = json_get(&j, i, S("a"));
		CHECK(i >= 0 && str_eq(json_raw(&j, i), S("7")));
	}
	b.n = 0;
	buf_add(&b, S("{\"list\":["));
	repeat(&b, "{\"n\":\"x\"},", 20000);
	buf_add(&b, S("0],\"last\":1}"));
	CHECK(!check(buf_str(&b)));
	json_parse(&j, buf_str(&b));
	CHECK(j.n == 2 + 1 + 3 * 20000 + 1 + 2);
	CHECK(str_eq(json_raw(&j, json_get(&j, 0, S("last"))), S("1")));
	json_parse(&j, S("[1]")); /* the array is reused */
	CHECK(j.n == 2 && json_after(&j, 0) == 2);

	test_shapes();
	test_documents();

	TEST("errors of a parse, after which there is no value");
	CHECK(str_eq(str_of(json_parse(&j, S("[1"))), S("ends too early")) && j.n == 0);
	CHECK(str_eq(str_of(json_parse(&j, S("[x"))), S("expected a value")) && j.n == 0);
	TEST("surrogates come in pairs, or are replaced");
	json_parse(&j, S("[\"\\u0041\\udc00\",\"\\ud83d\\ue000\",\"\\ud83dx\",\"\\ud7ff\\ue000\",\"\\ud83d\\ude00\",\"\\ud800\\udfff\"]"));
	CHECK(str_eq(json_unescape(&j, 1, &m), S("A\xef\xbf\xbd")) && str_eq(json_unescape(&j, 2, &m), S("\xef\xbf\xbd\xee\x80\x80")));
	CHECK(str_eq(json_unescape(&j, 3, &m), S("\xef\xbf\xbdx")) && str_eq(json_unescape(&j, 4, &m), S("\xed\x9f\xbf\xee\x80\x80")));
	CHECK(str_eq(json_unescape(&j, 5, &m), S("\xf0\x9f\x98\x80")) && str_eq(json_unescape(&j, 6, &m), S("\xf0\x90\x8f\xbf")));

	json_free(&j);
	buf_free(&b);
	mem_free(&m);
	return test_done();
}
