#include "input/text/pickle.h"

#include <string.h>

#include "base/test.h"
#include "base/test_edge.h"

#define P(lit) STR_INIT(lit)

/* Pickles as written by Python, or by hand. */
static const struct {
	struct str in;
	const char *json; /* NULL: an error */
	const char *why;
	const char *opcode;
	uint64_t at;
} rows[] = {
	{P("N."), "null", NULL, NULL, 0},
	{P("\x80\x02N."), "null", NULL, NULL, 0},
	{P("\x80\x05\x95\x02\0\0\0\0\0\0\0N."), "null", NULL, NULL, 0},
	{P("I01\n."), "true", NULL, NULL, 0},
	{P("I00\n."), "false", NULL, NULL, 0},
	{P("\x80\x02\x88."), "true", NULL, NULL, 0},
	{P("\x80\x02\x89."), "false", NULL, NULL, 0},
	/* integers */
	{P("I-12\n."), "-12", NULL, NULL, 0},
	{P("I1\n."), "1", NULL, NULL, 0},
	{P("K\xff."), "255", NULL, NULL, 0},
	{P("M\x34\x12."), "4660", NULL, NULL, 0},
	{P("J\xff\xff\xff\xff."), "-1", NULL, NULL, 0},
	{P("J\0\0\0\x80."), "-2147483648", NULL, NULL, 0},
	{P("L9007199254740993L\n."), "9007199254740993", NULL, NULL, 0},
	{P("L-9223372036854775808L\n."), "-9223372036854775808", NULL, NULL, 0},
	{P("L18446744073709551615L\n."), "18446744073709551615", NULL, NULL, 0},
	{P("\x80\x02\x8a\0."), "0", NULL, NULL, 0},
	{P("\x80\x02\x8a\x01\xff."), "-1", NULL, NULL, 0},
	{P("\x80\x02\x8a\x08\xa2\x76\x21\xf4\xef\xd6\x67\x18."), "1758610505592829602", NULL, NULL, 0},
	{P("\x80\x02\x8a\x08\0\0\0\0\0\0\0\x80."), "-9223372036854775808", NULL, NULL, 0},
	{P("\x80\x02\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0."), "18446744073709551615", NULL, NULL, 0},
	{P("\x80\x02\x8b\x02\0\0\0\0\x80."), "-32768", NULL, NULL, 0},
	{P("\x80\x02\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x01."), NULL, "an integer beyond 64 bits", "LONG1", 2},
	{P("L99999999999999999999L\n."), NULL, "an integer that is none or beyond 64 bits", "LONG", 0},
	{P("Iten\n."), NULL, "an integer that is none or beyond 64 bits", "INT", 0},
	/* floats */
	{P("F1.5\n."), "1.5", NULL, NULL, 0},
	{P("F1e-05\n."), "0.00001", NULL, NULL, 0},
	{P("Fnan\n."), "null", NULL, NULL, 0},
	{P("G?\xf8\0\0\0\0\0\0."), "1.5", NULL, NULL, 0},
	{P("G\xc0\x24\0\0\0\0\0\0."), "-10", NULL, NULL, 0},
	{P("G\x7f\xf0\0\0\0\0\0\0."), "null", NULL, NULL, 0},
	{P("G\x7f\xf8\0\0\0\0\0\0."), "null", NULL, NULL, 0},
	{P("G\x43\x30\0\0\0\0\0\0."), "4503599627370496", NULL, NULL, 0},
	{P("G\x42\xa0\x5e\xf3\x9b\x20\x00\x00."), "9000000000000", NULL, NULL, 0},
	{P("G\xc2\xa0\x5e\xf3\x9b\x20\x00\x00."), "-9000000000000", NULL, NULL, 0},
	{P("G\x43\xdb\xc1\x6d\x67\x4e\xc8\x00."), "8000000000000000000", NULL, NULL, 0},
	{P("G\x43\xdf\x39\x9b\x14\x38\xa1\x00."), "null", NULL, NULL, 0},
	{P("G\xc3\xdf\x39\x9b\x14\x38\xa1\x00."), "null", NULL, NULL, 0},
	{P("G\x3e\xb9\x2a\x73\x71\x10\xe4\x54."), "0.000001", NULL, NULL, 0},
	/* strings */
	{P("S'a\\'b\\n\\x41'\n."), "\"a'b\\nA\"", NULL, NULL, 0},
	{P("S\"x\"\n."), "\"x\"", NULL, NULL, 0},
	{P("Vgr\\u00fc\xdf\\U0001f600\n."), "\"gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80\"", NULL, NULL, 0},
	{P("S''\n."), "\"\"", NULL, NULL, 0},
	{P("S'a\\x00b'\n."), "\"a\\u0000b\"", NULL, NULL, 0},
	{P("Va\\u0000b\n."), "\"a\\u0000b\"", NULL, NULL, 0},
	{P("S'\n."), NULL, "a string without quotes", "STRING", 0},
	{P("S\n."), NULL, "a string without quotes", "STRING", 0},
	{P("S'a\"\n."), NULL, "a string without quotes", "STRING", 0},
	{P("Saa\n."), NULL, "a string without quotes", "STRING", 0},
	{P("S'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'\n."), "\"\\u0007\\b\\f\\n\\r\\t\\u000b\\\\'\\\"\"", NULL, NULL, 0},
	{P("S'\\x4'\n."), "\"\\\\x4\"", NULL, NULL, 0},
	{P("S'\\xAf\\q'\n."), "\"\xef\xbf\xbd\\\\q\"", NULL, NULL, 0},
	{P("V\\u00Ff\\u00g0\\u00@0\\n\n."), "\"\xc3\xbf\\\\u00g0\\\\u00@0\\\\n\"", NULL, NULL, 0},
	{P("V\\u004\n."), "\"\\\\u004\"", NULL, NULL, 0},
	{P("V\\U0010ffff\\U00110000\n."), "\"\xf4\x8f\xbf\xbf\\\\U00110000\"", NULL, NULL, 0},
	{P("Va\\\n."), "\"a\\\\\"", NULL, NULL, 0},
	/* unpaired surrogates are not characters */
	{P("V\\ud7ff\\ud800\\udfff\\ue000\n."), "\"\xed\x9f\xbf\xef\xbf\xbd\xef\xbf\xbd\xee\x80\x80\"", NULL, NULL, 0},
	{P("U\x02hi."), "\"hi\"", NULL, NULL, 0},
	{P("T\x02\0\0\0hi."), "\"hi\"", NULL, NULL, 0},
	{P("X\x03\0\0\0\"\\\x01."), "\"\\\"\\\\\\u0001\"", NULL, NULL, 0},
	{P("\x80\x04\x8c\x02hi."), "\"hi\"", NULL, NULL, 0},
	{P("\x80\x04\x8d\x02\0\0\0\0\0\0\0hi."), "\"hi\"", NULL, NULL, 0},
	{P("X\x01\0\0\0\xff."), "\"\xef\xbf\xbd\"", NULL, NULL, 0},
	{P("S'a\\\\'\n."), "\"a\\\\\"", NULL, NULL, 0}, {P("S'\\'\n."), "\"\\\\\"", NULL, NULL, 0}, {P("S'\\x4'\n."), "\"\\\\x4\"", NULL, NULL, 0},
	{P("S'\\x4g'\n."), "\"\\\\x4g\"", NULL, NULL, 0}, {P("S'\\x4F\\x0a'\n."), "\"O\\n\"", NULL, NULL, 0}, {P("S'\\q\\u0041'\n."), "\"\\\\q\\\\u0041\"", NULL, NULL, 0},
	{P("S'\\t\\r\\\"'\n."), "\"\\t\\r\\\"\"", NULL, NULL, 0}, {P("S'\\a\\v\\f\\b'\n."), "\"\\u0007\\u000b\\f\\b\"", NULL, NULL, 0},
	{P("S''\n."), "\"\"", NULL, NULL, 0}, {P("S'\n."), NULL, "a string without quotes", "STRING", 0}, {P("S'a\"\n."), NULL, "a string without quotes", "STRING", 0},
	{P("Saba\n."), NULL, "a string without quotes", "STRING", 0}, {P("S\n."), NULL, "a string without quotes", "STRING", 0},
	{P("Va\\\n."), "\"a\\\\\"", NULL, NULL, 0}, {P("V\\n\\x41\n."), "\"\\\\n\\\\x41\"", NULL, NULL, 0}, {P("V\\u12\n."), "\"\\\\u12\"", NULL, NULL, 0},
	{P("V\\u00DF\\u00d\n."), "\"\xc3\x9f\\\\u00d\"", NULL, NULL, 0}, {P("V\\u00dg\n."), "\"\\\\u00dg\"", NULL, NULL, 0}, {P("V\n."), "\"\"", NULL, NULL, 0},
	{P("V\\U0010ffff\n."), "\"\xf4\x8f\xbf\xbf\"", NULL, NULL, 0}, {P("V\\U00110000\n."), "\"\\\\U00110000\"", NULL, NULL, 0}, {P("V\\U0010fff\n."), "\"\\\\U0010fff\"", NULL, NULL, 0},
	/* floats: to 10^-6, whole ones, and those out of range */
	{P("G\102\240\136\363\233\040\000\000."), "9000000000000", NULL, NULL, 0},
	{P("G\102\236\354\075\354\040\000\000."), "8500000000000", NULL, NULL, 0},
	{P("G\302\240\136\363\233\040\000\000."), "-9000000000000", NULL, NULL, 0},
	{P("G\103\336\340\311\266\041\076\200."), "8900000000000000000", NULL, NULL, 0},
	{P("G\303\336\340\311\266\041\076\200."), "-8900000000000000000", NULL, NULL, 0},
	{P("G\103\337\071\233\024\070\241\000."), "null", NULL, NULL, 0},
	{P("G\303\337\071\233\024\070\241\000."), "null", NULL, NULL, 0},
	{P("G\076\271\052\163\161\020\344\124."), "0.000001", NULL, NULL, 0},
	{P("G\000\000\000\000\000\000\000\000."), "0", NULL, NULL, 0},
	{P("F1.5x\n."), "null", NULL, NULL, 0}, {P("F1e30\n."), "null", NULL, NULL, 0}, {P("F-0.25\n."), "-0.25", NULL, NULL, 0}, {P("F\n."), "null", NULL, NULL, 0},
	{P("L5\n."), "5", NULL, NULL, 0}, {P("I5L\n."), NULL, "an integer that is none or beyond 64 bits", "INT", 0}, {P("L00\n."), "0", NULL, NULL, 0}, {P("L01L\n."), "1", NULL, NULL, 0},
	{P("I02\n."), "2", NULL, NULL, 0}, {P("G\0\0\0\0\0\0\0"), NULL, "ends too early", "BINFLOAT", 0}, {P("J\0\0\0"), NULL, "ends too early", "BININT", 0},
	{P("M\0"), NULL, "ends too early", "BININT2", 0}, {P("K"), NULL, "ends too early", "BININT1", 0}, {P("U\2x"), NULL, "ends too early", "SHORT_BINSTRING", 0},
	{P("Sx'\n."), NULL, "a string without quotes", "STRING", 0},
	{P("X\x05\0\0\0hi."), NULL, "ends too early", "BINUNICODE", 0},
	{P("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffhi."), NULL, "ends too early", "BINUNICODE8", 2},
	{P("Vhi"), NULL, "ends too early", "UNICODE", 0},
	/* containers */
	{P("]."), "[]", NULL, NULL, 0},
	{P(")."), "[]", NULL, NULL, 0},
	{P("}."), "{}", NULL, NULL, 0},
	{P("(l."), "[]", NULL, NULL, 0},
	{P("(d."), "{}", NULL, NULL, 0},
	{P("(K\1K\2t."), "[1,2]", NULL, NULL, 0},
	{P("(K\1K\2l."), "[1,2]", NULL, NULL, 0},
	{P("\x80\x02K\1\x85."), "[1]", NULL, NULL, 0},
	{P("\x80\x02K\1K\2\x86."), "[1,2]", NULL, NULL, 0},
	{P("\x80\x02K\1K\2K\3\x87."), "[1,2,3]", NULL, NULL, 0},
	{P("]K\1a."), "[1]", NULL, NULL, 0},
	{P("](K\1K\2e."), "[1,2]", NULL, NULL, 0},
	{P("](e."), "[]", NULL, NULL, 0},
	{P("}U\1aK\1s."), "{\"a\":1}", NULL, NULL, 0},
	{P("}(U\1aK\1U\1b]u."), "{\"a\":1,\"b\":[]}", NULL, NULL, 0},
	{P("(U\1aK\1d."), "{\"a\":1}", NULL, NULL, 0},
	{P("}K\5Ns."), "{\"5\":null}", NULL, NULL, 0},
	{P("}(U\1a}U\1bNsu."), "{\"a\":{\"b\":null}}", NULL, NULL, 0},
	{P("}]Ns."), NULL, "a name that is no string", "SETITEM", 3},
	{P("]](K\1e\x85."), NULL, "leaves no single object", "STOP", 7},
	{P("]](K\1ea."), "[[1]]", NULL, NULL, 0},
	/* the memo, the stack */
	{P("]q\0U\1xq\1ah\1a."), "[\"x\",\"x\"]", NULL, NULL, 0},
	{P("]p0\nU\1xp1\nag1\na."), "[\"x\",\"x\"]", NULL, NULL, 0},
	{P("\x80\x04]\x94(\x8c\1x\x94h\1e."), "[\"x\",\"x\"]", NULL, NULL, 0},
	{P("]r\1\0\0\0j\1\0\0\0" "0."), "[]", NULL, NULL, 0},
	{P("K\1" "2\x86."), "[1,1]", NULL, NULL, 0},
	{P("K\1(K\2K\3" "1."), "1", NULL, NULL, 0},
	{P("(K\1" "00K\7."), "7", NULL, NULL, 0},
	{P("h\5."), NULL, "a memo number that was never given", "BINGET", 0},
	{P("Nr\xff\xff\xff\x7f."), NULL, "a memo number that is too high", "LONG_BINPUT", 1},
	{P("q\0."), NULL, "takes from an empty stack", "BINPUT", 0},
	{P("px\n."), NULL, "a memo number that is none", "PUT", 0},
	{P("0."), NULL, "takes from an empty stack", "POP", 0},
	{P("2."), NULL, "takes from an empty stack", "DUP", 0},
	{P("1."), NULL, "takes to a mark that is not there", "POP_MARK", 0},
	{P("t."), NULL, "takes to a mark that is not there", "TUPLE", 0},
	{P("(a."), NULL, "takes from an empty stack", "APPEND", 1},
	{P("(]a."), NULL, "takes from an empty stack", "APPEND", 2},
	{P("NNa."), NULL, "adds to what is no list or dict", "APPEND", 2},
	{P(")Na."), NULL, "adds to what is no list or dict", "APPEND", 2},
	{P("](K\1u."), NULL, "adds to what is no list or dict", "SETITEMS", 4},
	{P("(K\1e."), NULL, "adds to what is no list or dict", "APPENDS", 3},
	{P("}NNNs."), NULL, "adds to what is no list or dict", "SETITEM", 4},
	{P("(Nd."), NULL, "a name without a value", "DICT", 2},
	{P("(."), NULL, "leaves no single object", "STOP", 1},
	{P("."), NULL, "leaves no single object", "STOP", 0},
	{P("NN."), NULL, "leaves no single object", "STOP", 2},
	{P("N"), NULL, "ends too early", NULL, 1},
	{P("]q\0h\0a."), NULL, "nested deeper than 512", NULL, 6},
	/* dicts with the shape of an earlier one */
#define A(v) "}(U\1a" v "u"
	{P("](" A("K\1") A("M\0\1") A("J\xff\xff\xff\xff") A("N") A("\x88") A("U\1x") A("K\1") "e."),
		"[{\"a\":1},{\"a\":256},{\"a\":-1},{\"a\":null},{\"a\":true},{\"a\":\"x\"},{\"a\":1}]", NULL, NULL, 0},
	{P("](" A("](K\1eU\1b](K\2e") A("](M\xe8\3eU\1b](K\x0b" "e") "e."), "[{\"a\":[1],\"b\":[2]},{\"a\":[1000],\"b\":[11]}]", NULL, NULL, 0},
	{P("](" A("K\1K\2\x86") A("K\3K\4\x86") "e."), "[{\"a\":[1,2]},{\"a\":[3,4]}]", NULL, NULL, 0},
	{P("](" A("U\1\"") A("U\1\"") A("K\1") "e."), "[{\"a\":\"\\\"\"},{\"a\":\"\\\"\"},{\"a\":1}]", NULL, NULL, 0},
	{P("](}(K\5K\1u}(K\5K\2ue."), "[{\"5\":1},{\"5\":2}]", NULL, NULL, 0},
	{P("](" A("K\1") A("K\2") "}(U\1bK\3ue."), "[{\"a\":1},{\"a\":2},{\"b\":3}]", NULL, NULL, 0},
	{P("](" A("K\1") "}(U\1b" A("K\2") "ue."), "[{\"a\":1},{\"b\":{\"a\":2}}]", NULL, NULL, 0},
	{P("](" A("K\1") "}(U\1aK"), NULL, "ends too early", "BININT1", 15},
	{P("](" A("K\1") A("NR")), NULL, "not plain data", "REDUCE", 16},
	/* shared through the memo: values, lists, the dicts themselves */
	{P("](U\1xq\0U\1yq\1" A("h\0") A("h\1") "e."), "[\"x\",\"y\",{\"a\":\"x\"},{\"a\":\"y\"}]", NULL, NULL, 0},
	{P("](" A("U\1x\x94") A("U\1x\x94") A("U\1y\x94") "h\2h\1e."),
		"[{\"a\":\"x\"},{\"a\":\"x\"},{\"a\":\"y\"},\"y\",\"x\"]", NULL, NULL, 0},
	{P("](" A("U\1x\x94U\1bh\0") A("U\1y\x94U\1bh\1") "e."), "[{\"a\":\"x\",\"b\":\"x\"},{\"a\":\"y\",\"b\":\"y\"}]", NULL, NULL, 0},
	{P("](" A("]\x94(K\1e") A("]\x94(K\2e") "h\0h\1e."), "[{\"a\":[1]},{\"a\":[2]},[1],[2]]", NULL, NULL, 0},
	{P("](}\x94(U\1aK\1u}\x94(U\1aK\2uh\0h\1e."), "[{\"a\":1},{\"a\":2},{\"a\":1},{\"a\":2}]", NULL, NULL, 0},
	{P("](]q\0(K\1e" A("h\0") A("h\0") "e."), "[[1],{\"a\":[1]},{\"a\":[1]}]", NULL, NULL, 0},
	{P("](U\1xq\0" A("h\0") A("h\0") "U\1yq\0" A("h\0") "e."), "[\"x\",{\"a\":\"x\"},{\"a\":\"x\"},\"y\",{\"a\":\"y\"}]", NULL, NULL, 0},
	/* until an element is added */
	{P("](" A("K\1") A("K\2") "(U\1bK\3ue."), "[{\"a\":1},{\"a\":2,\"b\":3}]", NULL, NULL, 0},
	{P("](" A("]q\1") A("]q\2") "h\2K\7ae."), "[{\"a\":[]},{\"a\":[7]},[7]]", NULL, NULL, 0},
	{P("](]q\0(K\1e" A("h\0") A("h\0") "h\0(K\2ee."), "[[1,2],{\"a\":[1,2]},{\"a\":[1,2]},[1,2]]", NULL, NULL, 0},
	/* a list that is in a dict twice; one that is filled after another */
	{P("](" A("]q\1(K\1eU\1bh\1") A("]q\2(K\2eU\1bh\2") "e."), "[{\"a\":[1],\"b\":[1]},{\"a\":[2],\"b\":[2]}]", NULL, NULL, 0},
	{P("](" A("]q\1U\1b](K\1eh\1(K\2e0") A("]q\3U\1b](K\5eh\3(K\6e0") "e."),
		"[{\"a\":[2],\"b\":[1]},{\"a\":[6],\"b\":[5]}]", NULL, NULL, 0},
	{P("](" A("]q\1(K\1eU\1bh\1") A("]q\2(K\2eU\1bh\1") "h\2e."), "[{\"a\":[1],\"b\":[1]},{\"a\":[2],\"b\":[1]},[2]]", NULL, NULL, 0},
	/* parts of a dict by themselves: the first, the last, the middle, in other dicts */
	{P("](" A("](]q\1(K\1eK\2e") A("](]q\2(K\3eK\4e") "h\1h\2e."), "[{\"a\":[[1],2]},{\"a\":[[3],4]},[1],[3]]", NULL, NULL, 0},
	{P("](" A("](K\1]q\1(K\2ee") A("](K\3]q\2(M\0\1ee") "h\1h\2e."), "[{\"a\":[1,[2]]},{\"a\":[3,[256]]},[2],[256]]", NULL, NULL, 0},
	{P("](" A("](K\1]q\1(K\2](K\3eeK\4e") A("](M\0\1]q\2(M\0\1](U\1xeeNe") "h\1}U\1bh\2se."),
		"[{\"a\":[1,[2,[3]],4]},{\"a\":[256,[256,[\"x\"]],null]},[2,[3]],{\"b\":[256,[\"x\"]]}]", NULL, NULL, 0},
	{P("](" A("]q\1(K\1eU\1b}q\2(U\1cK\2u") A("]q\3(NeU\1b}q\4(U\1cU\1\"u") "h\3h\4h\1h\2e."),
		"[{\"a\":[1],\"b\":{\"c\":2}},{\"a\":[null],\"b\":{\"c\":\"\\\"\"}},[null],{\"c\":\"\\\"\"},[1],{\"c\":2}]", NULL, NULL, 0},
	{P("](}q\0(U\1aK\1u}q\1(U\1aK\2u}(U\1bh\1q\2u}(U\1bh\1q\3uh\3e."),
		"[{\"a\":1},{\"a\":2},{\"b\":{\"a\":2}},{\"b\":{\"a\":2}},{\"a\":2}]", NULL, NULL, 0},
	{P("](}\x94(U\1aU\1x\x94u}\x94(U\1aU\1y\x94uh\1h\2h\3e."), "[{\"a\":\"x\"},{\"a\":\"y\"},\"x\",{\"a\":\"y\"},\"y\"]", NULL, NULL, 0},
	/* a memo number used again; an unreferenced dict */
	{P("](" A("U\1xq\0U\1bh\0") A("U\1yq\0U\1bh\0") "e."), "[{\"a\":\"x\",\"b\":\"x\"},{\"a\":\"y\",\"b\":\"y\"}]", NULL, NULL, 0},
	{P("](" A("U\1\"") "0" A("U\1\"") "e."), "[{\"a\":\"\\\"\"}]", NULL, NULL, 0},
	/* an outer list to which each adds an element; one to which each adds itself */
	{P("](]q\0" A("h\0(K\1e") A("h\0(K\1e") "e."), "[[1,1],{\"a\":[1,1]},{\"a\":[1,1]}]", NULL, NULL, 0},
	{P("](]}q\0ah\0(U\1aK\1u]}q\2ah\2(U\1aK\2ue."), "[[{\"a\":1}],{\"a\":1},[{\"a\":2}],{\"a\":2}]", NULL, NULL, 0},
#undef A
	/* calls, imports and other objects that are not plain data */
	{P("\x80\x02" "cos\nsystem\nU\2id\x85R."), NULL, "not plain data", "GLOBAL", 2},
	{P("\x80\x04\x8c\2os\x8c\6system\x93."), NULL, "not plain data", "STACK_GLOBAL", 14},
	{P("(ios\nsystem\n."), NULL, "not plain data", "INST", 1},
	{P("NR."), NULL, "not plain data", "REDUCE", 1},
	{P("Nb."), NULL, "not plain data", "BUILD", 1},
	{P("No."), NULL, "not plain data", "OBJ", 1},
	{P("P1\n."), NULL, "not plain data", "PERSID", 0},
	{P("NQ."), NULL, "not plain data", "BINPERSID", 1},
	{P("\x80\x02\x82\1."), NULL, "not plain data", "EXT1", 2},
	{P("\x80\x02N)\x81."), NULL, "not plain data", "NEWOBJ", 4},
	{P("\x80\x04N)}\x92."), NULL, "not plain data", "NEWOBJ_EX", 5},
	{P("\x80\x03" "C\1x."), NULL, "not plain data", "SHORT_BINBYTES", 2},
	{P("\x80\x04\x8f."), NULL, "not plain data", "EMPTY_SET", 2},
	{P("\x80\x05\x96"), NULL, "not plain data", "BYTEARRAY8", 2},
	{P("\x80\x06N."), NULL, "a protocol above 5", "PROTO", 0},
	{P("\x80\x04\x95\xff\0\0\0\0\0\0\0N."), NULL, "ends too early", "FRAME", 2},
	{P("z."), NULL, "not an opcode", NULL, 0},
	{P(""), NULL, "ends too early", NULL, 0},
};

static bool
same_tokens(const struct json *a, const struct json *b)
{
	size_t n = (size_t)a->n;

	return a->n == b->n && memcmp(a->tok, b->tok, n * sizeof(*a->tok)) == 0 && memcmp(a->name, b->name, n * sizeof(*a->name)) == 0;
}

static void
test_rows(void)
{
	struct mem m = {0};
	struct buf b = {0};
	struct json j = {0}, parsed = {0};

	for (size_t i = 0; i < NELEM(rows); i++) {
		struct pickle_error e;
		bool ok;

		mem_reset(&m);
		ok = pickle_json(test_edge(rows[i].in), 1 << 20, &m, &b, &j, &e);
		CHECK_ROW(i, ok == (rows[i].json != NULL));
		if (ok) {
			CHECK_ROW(i, str_eq(buf_str(&b), str_of(rows[i].json)));
			CHECK_ROW(i, json_parse(&parsed, buf_str(&b)) == NULL);
			CHECK_ROW(i, same_tokens(&j, &parsed));
			CHECK_ROW(i, j.escapes || !parsed.escapes);
			CHECK_ROW(i, e.why == NULL);
			ok = pickle_json(test_edge(rows[i].in), str_of(rows[i].json).n, &m, &b, &j, &e);
			CHECK_ROW(i, ok);
			ok = pickle_json(test_edge(rows[i].in), str_of(rows[i].json).n - 1, &m, &b, &j, &e);
			CHECK_ROW(i, !ok && str_eq(str_of(e.why), S("more text than --max-line")));
		} else if (rows[i].why) {
			CHECK_ROW(i, str_eq(str_of(e.why), str_of(rows[i].why)));
			CHECK_ROW(i, str_eq(e.opcode, str_of(rows[i].opcode)) || !rows[i].opcode);
			CHECK_ROW(i, e.at == rows[i].at);
		}
	}
	json_free(&j);
	json_free(&parsed);
	mem_free(&m);
	buf_free(&b);
}

/* Lists of two of the list before: 2^n from 4n bytes. */
static void
test_bomb(void)
{
	enum { LONG = 60000 };
	struct mem m = {0};
	struct buf in = {0}, b = {0};
	struct json j = {0};
	struct pickle_error e;

	buf_add(&in, S("U\x04xxxx"));
	for (int i = 0; i < 64; i++)
		buf_add(&in, S("2\x86"));
	buf_chr(&in, '.');
	CHECK(!pickle_json(buf_str(&in), 1 << 20, &m, &b, &j, &e));
	CHECK(str_eq(str_of(e.why), S("more text than --max-line")));
	CHECK(b.n < 2 << 20);
	in.n = 0;
	for (int i = 0; i < 513; i++)
		buf_chr(&in, ')');
	for (int i = 0; i < 512; i++)
		buf_add(&in, S("\x86"));
	buf_chr(&in, '.');
	CHECK(!pickle_json(buf_str(&in), 1 << 20, &m, &b, &j, &e));
	CHECK(str_eq(str_of(e.why), S("nested deeper than 512")));

	/* dicts of 40 values of a known shape, then with longer ones */
	in.n = 0;
	buf_add(&in, S("](U\x01xq\x00T"));
	for (int i = 0; i < 4; i++)
		buf_chr(&in, (char)(LONG >> 8 * i & 0xff));
	for (int i = 0; i < LONG; i++)
		buf_chr(&in, 'x');
	buf_add(&in, S("q\x01"));
	for (int i = 0; i < 3; i++) {
		buf_add(&in, S("}("));
		for (int k = 0; k < 40; k++) {
			buf_add(&in, S("K"));
			buf_chr(&in, (char)k);
			buf_add(&in, i < 2 ? S("h\x00") : S("h\x01"));
		}
		buf_chr(&in, 'u');
	}
	buf_add(&in, S("e."));
	CHECK(!pickle_json(buf_str(&in), 1 << 20, &m, &b, &j, &e));
	CHECK(str_eq(str_of(e.why), S("more text than --max-line")));
	CHECK(b.n < (1 << 20) + 2 * LONG);

	/* a list of as many objects as bytes, and of twice as many */
	for (int twice = 0; twice < 2; twice++) {
		in.n = 0;
		buf_add(&in, S("]("));
		for (int i = 0; i < 9000; i++)
			buf_chr(&in, twice ? ']' : ')');
		buf_add(&in, S("e."));
		CHECK(pickle_json(buf_str(&in), 1 << 20, &m, &b, &j, &e) == !twice);
		CHECK(str_eq(str_of(e.why), twice ? S("more objects than bytes") : S("")));
	}
	in.n = 0;
	for (int i = 0; i <= 1 << 20; i++)
		buf_chr(&in, ')');
	CHECK(!pickle_json(buf_str(&in), 1 << 20, &m, &b, &j, &e));
	CHECK(str_eq(str_of(e.why), S("more than 1M objects at once")) && e.at == 1 << 20);
	json_free(&j);
	mem_free(&m);
	buf_free(&in);
	buf_free(&b);
}

/* Makes pickles of similar dicts, and their JSON. */
struct maker {
	struct buf in, json;
	uint64_t form, value; /* random numbers: of a dict's form, and of its values */
	unsigned memo;        /* objects in the memo */
	int at[8];            /* number of each text in it, or -1 */
};

static const struct str texts[8] = {
	STR_INIT("a"), STR_INIT("state"), STR_INIT("x\"y"), STR_INIT("caf\xc3\xa9"), STR_INIT(""), STR_INIT("completed"), STR_INIT("a\nb"), STR_INIT("0"),
};

static unsigned
roll(uint64_t *seed, unsigned n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % n;
}

static void
put_bytes(struct maker *k, char op, uint64_t n, unsigned bytes)
{
	buf_chr(&k->in, op);
	for (unsigned i = 0; i < bytes; i++)
		buf_chr(&k->in, (char)(n >> 8 * i & 0xff));
}

static void
memoize(struct maker *k)
{
	if (roll(&k->form, 3) == 0)
		buf_chr(&k->in, '\x94');
	else if (k->memo < 256)
		put_bytes(k, 'q', k->memo, 1);
	else
		put_bytes(k, 'r', k->memo, 4);
	k->memo++;
}

static void
make_text(struct maker *k, unsigned i)
{
	buf_json(&k->json, texts[i]);
	if (k->at[i] >= 0) {
		put_bytes(k, k->at[i] < 256 ? 'h' : 'j', (uint64_t)k->at[i], k->at[i] < 256 ? 1 : 4);
		return;
	}
	put_bytes(k, i % 2 ? 'X' : '\x8c', texts[i].n, i % 2 ? 4 : 1);
	buf_add(&k->in, texts[i]);
	k->at[i] = (int)k->memo;
	memoize(k);
}

static void
make_scalar(struct maker *k)
{
	static const char words[] = {'N', '\x88', '\x89'};
	unsigned type = roll(&k->value, 8), n = roll(&k->value, 200);

	if (type < 3) {
		buf_chr(&k->in, words[type]);
		buf_add(&k->json, type == 0 ? S("null") : type == 1 ? S("true") : S("false"));
	} else if (type < 7) {
		n *= type == 3 ? 1 : type == 4 ? 300 : 10000000;
		put_bytes(k, type == 3 ? 'K' : type == 4 ? 'M' : 'J', n, type == 3 ? 1 : type == 4 ? 2 : 4);
		buf_u64(&k->json, n);
	} else {
		make_text(k, n % 8);
	}
}

static void
make_value(struct maker *k, unsigned depth)
{
	unsigned type = depth < 3 ? roll(&k->form, 7) : 0, n = roll(&k->form, 4), first = roll(&k->form, 8);

	if (type < 3) {
		make_scalar(k);
		return;
	}
	if (type == 4) { /* a tuple */
		if (n == 0)
			buf_chr(&k->in, ')');
		buf_chr(&k->json, '[');
		for (unsigned i = 0; i < n; i++) {
			buf_add(&k->json, i ? S(",") : S(""));
			make_value(k, depth + 1);
		}
		buf_chr(&k->json, ']');
		if (n)
			buf_chr(&k->in, "\x85\x86\x87"[n - 1]);
		return;
	}
	buf_chr(&k->in, type == 3 ? ']' : '}');
	if (roll(&k->form, 4))
		memoize(k);
	buf_chr(&k->json, type == 3 ? '[' : '{');
	if (n != 1)
		buf_chr(&k->in, '(');
	for (unsigned i = 0; i < n; i++) {
		buf_add(&k->json, i ? S(",") : S(""));
		if (type != 3) {
			make_text(k, (first + i) % 8);
			buf_chr(&k->json, ':');
		}
		make_value(k, depth + 1);
	}
	buf_chr(&k->json, type == 3 ? ']' : '}');
	buf_chr(&k->in, type == 3 ? n == 1 ? 'a' : 'e' : n == 1 ? 's' : 'u');
}

/* Dicts of a few forms, with any values: those learned and those compared are the same. */
static void
test_forms(void)
{
	enum { ROUNDS = 300, DICTS = 40 };
	struct maker k = {0};
	struct mem m = {0};
	struct buf b = {0};
	struct json j = {0}, parsed = {0};
	struct pickle_error e;

	for (unsigned round = 1; round <= ROUNDS; round++) {
		k.in.n = k.json.n = k.memo = 0;
		k.value = round;
		for (size_t i = 0; i < 8; i++)
			k.at[i] = -1;
		buf_add(&k.in, S("\x80\x04]("));
		buf_chr(&k.json, '[');
		for (unsigned i = 0; i < DICTS; i++) {
			buf_add(&k.json, i ? S(",") : S(""));
			buf_chr(&k.in, '}');
			k.form = round * 10 + roll(&k.value, 1 + round % 3);
			if (round % 4)
				memoize(&k);
			buf_add(&k.in, S("("));
			buf_chr(&k.json, '{');
			for (unsigned n = 0, first = roll(&k.form, 8); n < 5; n++) {
				buf_add(&k.json, n ? S(",") : S(""));
				make_text(&k, (first + n) % 8);
				buf_chr(&k.json, ':');
				make_value(&k, 0);
			}
			buf_chr(&k.in, 'u');
			buf_chr(&k.json, '}');
		}
		buf_add(&k.in, S("e."));
		buf_chr(&k.json, ']');
		mem_reset(&m);
		CHECK_ROW(round, pickle_json(test_edge(buf_str(&k.in)), 1 << 20, &m, &b, &j, &e));
		CHECK_ROW(round, str_eq(buf_str(&b), buf_str(&k.json)));
		CHECK_ROW(round, !json_parse(&parsed, buf_str(&b)) && same_tokens(&j, &parsed));
	}
	json_free(&j);
	json_free(&parsed);
	mem_free(&m);
	buf_free(&b);
	buf_free(&k.in);
	buf_free(&k.json);
}

/* Begin and end of dicts with a number in between, maybe twice; all have some members in common. */
#define ALL "U\1pK\1U\1qK\2U\1rK\3U\1sK\4U\1tK\5U\1uK\6U\1vK\7U\1wK\x0b"
static const struct similar {
	struct str before, after;
	bool two;          /* the number is 0 or 1; otherwise new in each */
	struct str twice;  /* between it and the same number; or empty */
} similar[] = {
	{P("(" ALL "U\1aK"), P("u"), false, P("")},
	{P("(" ALL "U\1aM\7"), P("u"), false, P("")},
	{P("(" ALL "U\1bNU\1c\x88U\1d\x89U\1aK"), P("u"), false, P("")},
	/* lists, tuples and dicts, by all opcodes */
	{P("(" ALL "U\1a](K"), P("K\1eu"), false, P("")}, {P("(" ALL "U\1a]K"), P("au"), false, P("")}, {P("(" ALL "U\1b]U\1aK"), P("u"), false, P("")},
	{P("(" ALL "U\1b)U\1aK"), P("\x85u"), false, P("")}, {P("(" ALL "U\1aK\1K"), P("\x86u"), false, P("")}, {P("(" ALL "U\1aK\1K\2K"), P("\x87u"), false, P("")},
	{P("(" ALL "U\1a(K"), P("lu"), false, P("")}, {P("(" ALL "U\1a(K"), P("tu"), false, P("")}, {P("(" ALL "U\1a(U\1bK"), P("du"), false, P("")},
	{P("(" ALL "U\1a}U\1bK"), P("su"), false, P("")}, {P("(" ALL "U\1a](](K\1K\2e](K"), P("eeU\1b}u"), false, P("")},
	/* remembered: the dict, names, values, lists; and taken from the memo */
	{P("\x94(" ALL "U\1aK"), P("u"), false, P("")}, {P("(" ALL "U\1a\x94K"), P("u"), false, P("")}, {P("(" ALL "U\1aK"), P("\x94u"), false, P("")},
	{P("(" ALL "U\1a]\x94(K"), P("eu"), false, P("")}, {P("(" ALL "U\1bU\1z\x94U\1aK"), P("u"), false, P("")}, {P("(" ALL "h\0h\0U\1aK"), P("u"), false, P("")},
	{P("(" ALL "U\1bj\0\0\0\0U\1aK"), P("u"), false, P("")},
	/* with numbers in the memo that differ */
	{P("q"), P("(" ALL "u"), false, P("")}, {P("(" ALL "U\1aq"), P("K\1u"), false, P("")}, {P("(" ALL "U\1aK\1q"), P("u"), false, P("")},
	{P("(" ALL "U\1aK\1r"), P("\0\0\0u"), false, P("")}, {P("(" ALL "U\1a]q"), P("(K\1eu"), false, P("")},
	{P("(" ALL "U\1ah"), P("u"), true, P("")}, {P("(" ALL "U\1aj"), P("\0\0\0u"), true, P("")},
	{P("(" ALL "U\1aK\1q"), P("u"), false, P("U\1bh")},
	{P("(" ALL "U\1aK\1r"), P("\0\0\0u"), false, P("\0\0\0U\1bj")}, {P("(" ALL "U\1aNU\1bU\1zq"), P("u"), false, P("U\1ch")},
};

/* Bytes that the objects of a list of such dicts take.  spoiled: a number in the memo is used
 * twice, which forbids shapes. */
static uint64_t
bytes_of(const struct similar *of, bool spoiled)
{
	enum { DICTS = 240 };
	struct mem m = {0};
	struct buf in = {0}, b = {0};
	struct json j = {0};
	struct pickle_error e;
	uint64_t begin, taken = 0;

	buf_add(&in, S("\x80\x04](U\1xq\0U\1yq\1U\1z"));
	buf_add(&in, spoiled ? S("q\1") : S(""));
	for (unsigned i = 0; i < DICTS; i++) {
		char v = (char)(of->two ? i % 2 : i + 2);

		buf_chr(&in, '}');
		buf_add(&in, of->before);
		buf_chr(&in, v);
		if (of->twice.n) {
			buf_add(&in, of->twice);
			buf_chr(&in, v);
		}
		buf_add(&in, of->after);
	}
	buf_add(&in, S("e."));
	for (int k = 0; k < 2; k++) { /* the second time the arrays have their size */
		mem_free(&m);
		begin = mem_count.bytes;
		CHECK(pickle_json(buf_str(&in), 1 << 24, &m, &b, &j, &e));
		taken = mem_count.bytes - begin;
	}
	mem_free(&m);
	buf_free(&in);
	buf_free(&b);
	json_free(&j);
	return taken;
}

static void
test_similar(void)
{
	for (size_t i = 0; i < NELEM(similar); i++)
		CHECK_ROW(i, bytes_of(&similar[i], false) < bytes_of(&similar[i], true) / 2);
}

/* Dumps have thousands of entries: dicts that are made in one step, being like an earlier
 * one, are read several times as fast. */
static void
test_shaped(void)
{
#define A(v) "}(U\1a" v "u"
	static const struct {
		struct str in;
		size_t shaped;
	} some[] = {
		{P("](" A("K\1") A("M\0\1") A("J\xff\xff\xff\xff") A("N") A("\x88") A("U\1x") A("K\1") "e."), 6},
		{P("](" A("I5\n") A("I-6\n") A("\x8d\1\0\0\0\0\0\0\0x") A("L7L\n") A("S'x'\n") "e."), 4},
		{P("](" A("](K\1eU\1b](K\2e") A("](M\xe8\3eU\1b](K\x0b" "e") "e."), 1},
		{P("](" A("(K\1l") A("(K\2l") "e."), 1},
		{P("](" A("(K\1t") A("(K\2t") "e."), 1},
		{P("](" A("(U\1bK\1d") A("(U\1bK\2d") "e."), 1},
		{P("](" A("]K\1a") A("]K\2a") "e."), 1},
		{P("](" A("}U\1bK\1s") A("}U\1bK\2s") "e."), 1},
		{P("](" A("K\1\x85") A("K\3\x85") "e."), 1},
		{P("](" A("K\1K\2\x86") A("K\3K\4\x86") "e."), 1},
		{P("](" A("K\1K\2K\3\x87") A("K\3K\4K\5\x87") "e."), 1},
		{P("](" A(")") A(")") "e."), 1},
		{P("](}(K\5K\1u}(K\5K\2ue."), 1},
		{P("](" A("K\1") A("K\2") "}(U\1bK\3ue."), 1},
		{P("](" A("K\1") A("K\2") "}(U\1bK\3u}(U\1bK\4u" A("K\5") "e."), 3},
		/* another number of values, or another order */
		{P("](" A("K\1") A("K\1U\1bK\2") "e."), 0},
		{P("](}(U\1aK\1U\1bK\2u}(U\1bK\1U\1aK\2ue."), 0},
		{P("](" A("K\1") A("](e") "e."), 0},
		/* what contains a known one is not learned; what is not made at once, neither */
		{P("](" A("K\1") "}(U\1b" A("K\2") "u}(U\1b" A("K\3") "ue."), 2},
		{P("](}U\1aK\1s}U\1aK\2se."), 0},
		{P("](" A("NN0") A("NN0") "e."), 0},
		{P("](" A("N2") A("N2") "e."), 0},
		/* numbers in the memo: of names, values, lists, the dicts */
		{P("](}(U\1aq\1K\1u}(h\1K\2u}(h\1K\3ue."), 1},
		{P("](" A("U\1x\x94") A("U\1x\x94") A("U\1y\x94") "h\2h\1e."), 2},
		{P("](" A("U\1xq\1") A("U\1xr\2\0\0\0") A("U\1y\x94") "h\3e."), 2},
		{P("](" A("U\1x\x94U\1bh\0") A("U\1y\x94U\1bh\1") "e."), 1},
		{P("](" A("]\x94(K\1e") A("]\x94(K\2e") "h\0h\1e."), 1},
		{P("](}\x94(U\1aK\1u}\x94(U\1aK\2uh\0h\1e."), 1},
		{P("](]q\0(K\1e" A("h\0") A("h\0") "e."), 1},
		{P("](U\1xq\0U\1yq\1" A("h\0") A("h\1") "e."), 1},
		{P("](U\1xq\0U\1yr\1\0\0\0" A("h\0") A("j\1\0\0\0") "e."), 1},
		{P("](U\1xq\0" A("h\0q\1") A("h\0q\2") "e."), 0},
		{P("](U\1xq\0" A("h\0") A("h\1") "e."), 0}, /* an error */
		{P("](}\x94(U\1aU\1x\x94u}\x94(U\1aU\1y\x94uh\2h\3e."), 1},
		{P("](}q\0(U\1aU\1xq\1u}\x94(U\1aU\1y\x94uh\2h\3e."), 1},
		{P("](}q\0(U\1aK\1u}q\1(U\1aK\2u}(U\1bh\1q\2u}(U\1bh\1q\3uh\3e."), 1},
		{P("](" A("](]q\1(K\1eK\2e") A("](]q\2(K\3eK\4e") "h\1h\2e."), 1},
		{P("](" A("]q\1(K\1eU\1b}q\2(U\1cK\2u") A("]q\3(NeU\1b}q\4(U\1cU\1\"u") "h\3h\4h\1h\2e."), 1},
		/* a number that is used again; an element that is added later */
		{P("](" A("U\1xq\0U\1bh\0") A("U\1yq\0U\1bh\0") A("U\1yq\0U\1bh\0") "e."), 0},
		{P("](" A("K\1") A("K\2") "(U\1bK\3ue."), 0},
		{P("](" A("]q\1") A("]q\2") "h\2K\7ae."), 0},
	};
#undef A
	struct maker k = {0};
	struct mem m = {0};
	struct buf b = {0};
	struct json j = {0};
	struct pickle_error e;

	for (size_t i = 0; i < NELEM(some); i++) {
		mem_reset(&m);
		pickle_json(test_edge(some[i].in), 1 << 20, &m, &b, &j, &e);
		CHECK_ROW(i, e.shaped == some[i].shaped);
	}

	/* up to 256 names and values, and 8 KiB */
	for (unsigned n = 253; n < 255; n++) {
		k.in.n = 0;
		buf_add(&k.in, S("]("));
		for (int twice = 0; twice < 2; twice++) {
			buf_add(&k.in, S("}(U\1a]("));
			for (unsigned i = 0; i < n; i++)
				put_bytes(&k, 'K', i, 1);
			buf_add(&k.in, S("eu"));
		}
		buf_add(&k.in, S("e."));
		CHECK(pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) && e.shaped == (n == 253));
	}
	for (unsigned n = 8184; n < 8186; n++) {
		k.in.n = 0;
		buf_add(&k.in, S("]("));
		for (int twice = 0; twice < 2; twice++) {
			buf_add(&k.in, S("}(U\1a"));
			put_bytes(&k, 'X', n, 4);
			for (unsigned i = 0; i < n; i++)
				buf_chr(&k.in, 'x');
			buf_chr(&k.in, 'u');
		}
		buf_add(&k.in, S("e."));
		CHECK(pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) && e.shaped == (n == 8184));
	}

	/* 16 shapes */
	k.in.n = 0;
	buf_add(&k.in, S("]("));
	for (int i = 0; i < 34; i++) {
		buf_add(&k.in, S("}(U\1"));
		buf_chr(&k.in, (char)('a' + i / 2));
		put_bytes(&k, 'K', (uint64_t)i, 1);
		buf_chr(&k.in, 'u');
	}
	buf_add(&k.in, S("e."));
	CHECK(pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) && e.shaped == 16);

	/* those that cannot be learned take no room for shapes */
	k.in.n = 0;
	buf_add(&k.in, S("](U\1xq\0"));
	for (uint64_t i = 1; i < 17; i++) {
		buf_add(&k.in, S("}(U\1ah\0"));
		put_bytes(&k, 'q', i, 1);
		buf_chr(&k.in, 'u');
	}
	buf_add(&k.in, S("}(U\1aK\1u}(U\1aK\2ue."));
	CHECK(pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) && e.shaped == 1);

	/* of others, 64 are tried, and one for 8 that had a known shape */
	for (unsigned n = 0; n < 4; n++) {
		static const struct {
			unsigned alike, others, shaped;
		} tried[] = {{0, 63, 1}, {0, 64, 0}, {9, 63, 9}, {8, 63, 7}};

		k.in.n = 0;
		buf_add(&k.in, S("]("));
		for (unsigned i = 0; i < tried[n].alike; i++)
			buf_add(&k.in, S("}(U\1aK\1u"));
		for (unsigned i = 0; i < tried[n].others; i++)
			buf_add(&k.in, S("}(U\1bNN0u"));
		buf_add(&k.in, S("}(U\1cK\1u}(U\1cK\2ue."));
		CHECK_ROW(n, pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) && e.shaped == tried[n].shaped);
	}

	/* a dict of a shape at the limit of depth, and beyond it */
	for (unsigned n = 510; n < 512; n++) {
		k.in.n = 0;
		buf_add(&k.in, S("}(U\1a](K\1eu0}(U\1a](K\2eu"));
		for (unsigned i = 0; i < n; i++)
			buf_chr(&k.in, '\x85');
		buf_chr(&k.in, '.');
		CHECK(pickle_json(buf_str(&k.in), 1 << 20, &m, &b, &j, &e) == (n == 510) && e.shaped == 1);
		CHECK(n == 510 || str_eq(str_of(e.why), S("nested deeper than 512")));
	}
	json_free(&j);
	mem_free(&m);
	buf_free(&b);
	buf_free(&k.in);
}

static void
test_is(void)
{
	static const struct {
		struct str head;
		bool is;
	} heads[] = {
		{P("\x80\x02"), true}, {P("\x80\x05"), true}, {P("\x80\x00"), true}, {P("\x80\x06"), false},
		{P("(d"), true}, {P("(l"), true}, {P("}q"), true}, {P("}("), true}, {P("]q"), true}, {P("{\""), false},
		{P("[]"), false}, {P("[{"), false}, {P("}\n"), false}, {P("],"), false}, {P("\xef\xbb"), false},
		{P("(\0"), false}, {P("}\0"), false}, {P("("), false}, {P(""), false}, {P("\n{"), false},
	};

	for (size_t i = 0; i < NELEM(heads); i++)
		CHECK_ROW(i, pickle_is(heads[i].head) == heads[i].is);
}

int
main(void)
{
	TEST("pickles as JSON, or the invalid opcode and its offset");
	test_rows();
	TEST("dicts of a few forms");
	test_forms();
	TEST("similar dicts share what they have in common");
	test_similar();
	TEST("dicts like an earlier one are made in one step");
	test_shaped();
	TEST("the expansion of a small pickle is limited");
	test_bomb();
	TEST("detection of pickles");
	test_is();
	return test_done();
}
