#include "input/answer.h"

#include <string.h>

#include "base/test.h"

/* Two responses each: one with the sign, one without. */
static const struct {
	const char *text, *other;
	enum answer_is is;
	const char *member;
} rows[] = {
	{"{'kind':'EventList','metadata':{'continue':'ab'},'items':[]}", "{'kind':'EventList','metadata':{'continue':''},'items':[]}",
		ANSWER_PAGE, "metadata/continue"},
	{"{'events':[],'nextToken':'f/1'}", "{'events':[],'nextForwardToken':'f/1'}", ANSWER_PAGE, "nextToken"},
	{"{'ResultSet':{},'NextToken':'f/1'}", "{'ResultSet':{},'NextToken':null}", ANSWER_PAGE, "NextToken"},
	{"{'entries':[],'nextPageToken':'a'}", "{'entries':[],'nextPageToken':''}", ANSWER_PAGE, "nextPageToken"},
	{"{'value':[],'nextLink':'https://a'}", "{'value':[]}", ANSWER_PAGE, "nextLink"},
	{"{'value':[],'@odata.nextLink':'https://a'}", "{'value':[],'@odata.context':'https://a'}", ANSWER_PAGE, "@odata.nextLink"},
	{"{'data':[],'nextUri':'https://a'}", "{'data':[],'infoUri':'https://a'}", ANSWER_PAGE, "nextUri"},
	{"{'data':[],'meta':{'page':{'after':'a'}}}", "{'data':[],'meta':{'page':{}}}", ANSWER_PAGE, "meta/page/after"},
	{"{'rows':[],'truncated':true}", "{'message':'x','truncated':true}", ANSWER_PART, "truncated"},
	{"{'rows':[],'isTruncated':true}", "{'rows':[],'isTruncated':false}", ANSWER_PART, "isTruncated"},
	{"{'rows':[],'IsTruncated':true}", "{'rows':[],'IsTruncated':false}", ANSWER_PART, "IsTruncated"},
	{"{'timed_out':true,'hits':{}}", "{'timed_out':false,'hits':{}}", ANSWER_PART, "timed_out"},
	{"{'terminated_early':true,'hits':{}}", "{'terminated_early':false,'hits':{}}", ANSWER_PART, "terminated_early"},
	{"{'_shards':{'failed':2},'hits':{}}", "{'_shards':{'failed':0},'hits':{}}", ANSWER_PART, "_shards/failed"},
	{"{'_clusters':{'skipped':1},'hits':{}}", "{'_clusters':{'skipped':0},'hits':{}}", ANSWER_PART, "_clusters/skipped"},
	{"{'_clusters':{'failed':1},'hits':{}}", "{'_clusters':{'failed':0},'hits':{}}", ANSWER_PART, "_clusters/failed"},
	{"{'is_partial':true,'values':[]}", "{'is_partial':false,'values':[]}", ANSWER_PART, "is_partial"},
	{"{'isPartial':true,'data':{}}", "{'isPartial':false,'data':{}}", ANSWER_PART, "isPartial"},
	{"{'preview':true,'result':{}}", "{'preview':false,'result':{}}", ANSWER_PART, "preview"},
	{"{'results':[],'statistics':{},'status':'Running'}", "{'results':[],'statistics':{},'status':'Complete'}", ANSWER_PART, "status"},
	{"{'data':[],'meta':{'status':'timeout'}}", "{'data':[],'meta':{'status':'done'}}", ANSWER_PART, "meta/status"},
	{"{'tables':[],'error':{'code':'PartialError'}}", "{'tables':[],'error':null}", ANSWER_PART, "error/code"},
	{"{'data':{},'warnings':['limit']}", "{'data':{},'warnings':[]}", ANSWER_PART, "warnings"},
	{"{'results':{'A':{'frames':[]},'B':{'error':'timeout'}}}", "{'results':{'A':{'frames':[]},'B':{'status':200}}}", ANSWER_PART,
		"results/error"},
	/* the member next to it makes the difference; a name that goes on is another one */
	{"{'metadata':{'continue':'ab'},'kind':'PodList','items':[]}", "{'metadata':{'continue':'ab'},'items':[]}", ANSWER_PAGE, "metadata/continue"},
	{"{'statistics':{},'status':'Unknown'}", "{'results':[],'status':'Running'}", ANSWER_PART, "status"},
	{"{'data':[],'meta':{'status':'timeout'}}", "{'tables':[],'meta':{'status':'timeout'}}", ANSWER_PART, "meta/status"},
	{"{'rows':[],'truncated':true}", "{'rows':[],'truncatedx':true}", ANSWER_PART, "truncated"},
	{"{'tables':[],'error':{'code':7}}", "{'tables':[],'errors':{'code':7}}", ANSWER_PART, "error/code"},
	{"{'_shards':{'failed':1},'hits':{}}", "{'_shards':{'failed':false},'hits':{}}", ANSWER_PART, "_shards/failed"},
	/* of several queries the first error; of several signs the first row */
	{"{'results':{'A':{'error':'x'},'B':{'frames':[]}}}", "{'results':[{'error':'x'}]}", ANSWER_PART, "results/error"},
	{"{'rows':[],'truncated':true,'nextToken':'f/1'}", "{'rows':[],'truncated':'yes','nextToken':''}", ANSWER_PAGE, "nextToken"},
	{"{'results':{'A':{'error':'x'}},'truncated':true}", "{'results':{'A':{'error':''}},'truncated':false}", ANSWER_PART, "truncated"},
};

static const struct {
	const char *text, *error; /* NULL: not an error */
} errors[] = {
	{"{'kind':'Status','status':'Failure','message':'no','code':403}", "no"},
	{"{'type':'ERROR','object':{'kind':'Status','status':'Failure','message':'too old'}}", "too old"},
	{"{'kind':'Status','status':'Success','message':'no'}", NULL},
	{"{'status':'error','errorType':'bad_data','error':'parse error'}", "parse error"},
	{"{'status':'error','msg':'x'}", NULL},
	{"{'error':{'type':'index_not_found_exception','reason':'no such index'},'status':404}", "no such index"},
	{"{'error':{'code':403,'message':'denied','status':'PERMISSION_DENIED'}}", "denied"},
	{"{'error':{'message':'x'}}", NULL},
	{"{'__type':'ExpiredTokenException','message':'expired'}", "expired"},
	{"{'__type':'ThrottlingException'}", "ThrottlingException"},
	{"{'messages':[{'type':'FATAL','text':'Unknown sid.'}]}", "Unknown sid."},
	{"{'messages':[{'type':'INFO','text':'No results.'}]}", NULL},
	{"{'messageId':'auth.unauthorized','statusCode':401,'message':'Unauthorized'}", "Unauthorized"},
	{"{'results':{'A':{'frames':[]},'B':{'error':'timeout','status':504}}}", "timeout"},
	{"{'results':{'A':{'frames':[]}}}", NULL},
	{"{'results':{'A':{'error':'first'},'B':{'error':'second'}}}", "first"},
	/* Kubernetes' reason, if there is no message; AWS's older name */
	{"{'kind':'Status','status':'Failure','reason':'Expired'}", "Expired"},
	{"{'__type':'E','Message':'old'}", "old"},
	{"{'error':{'type':'parsing_exception'},'status':400}", "parsing_exception"},
	{"{'messages':[{'type':'ERROR','text':'one'},{'type':'FATAL','text':'two'}]}", "one"},
	/* without the member next to it, a record of something else */
	{"{'status':'Failure','message':'no'}", NULL},
	{"{'object':{'status':'Failure','message':'no'}}", NULL},
	{"{'messages':[{'type':'FATAL'}]}", NULL},
	{"{'messageId':'a','message':'Unauthorized'}", NULL},
	{"{'error':{'type':'x','reason':'y'}}", NULL},
	{"{'time':'2026-05-14T03:12:00Z','status':'error','error':'of a program'}", NULL},
	{"{'msg':'x'}", NULL},
};

static struct reader r;
static struct buf b;

static struct answer
look(const char *text)
{
	b.n = 0;
	for (; *text; text++)
		buf_chr(&b, *text == '\'' ? '"' : *text);
	CHECK(!json_parse(&r.json, buf_str(&b)));
	if (r.known.shape != r.json.shape) {
		memset(&r.known, 0, sizeof(r.known));
		r.known.shape = r.json.shape;
	}
	return answer_look(&r, true);
}

int
main(void)
{
	TEST("an incomplete response is recognized");
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct answer a = look(rows[i].text);

		CHECK_ROW(i, a.is == rows[i].is && str_eq(a.member, str_of(rows[i].member)));
		CHECK_ROW(i, look(rows[i].other).is == ANSWER_ALL);
	}
	CHECK(look("{'kind':'PodList','items':[],'metadata':{'continue':'a','remainingItemCount':7}}").more == 7);
	CHECK(look("{'kind':'PodList','items':[],'metadata':{'continue':'a'}}").more == 0);
	CHECK(look("{'kind':'PodList','items':[],'metadata':{'continue':'a'}}").list && str_eq(look("{'kind':'PodList','items':[]}").kind, S("PodList")));
	CHECK(!look("{'kind':'PodList','items':{},'metadata':{'continue':'a'}}").list && !look("[{'nextToken':'a'}]").is);
	TEST("the kind and the list are of pages, or of what is behind one");
	look("{'rows':[],'truncated':true,'kind':'x'}");
	CHECK(!answer_look(&r, false).list && !answer_look(&r, false).kind.n && answer_look(&r, true).list && answer_look(&r, false).is == ANSWER_PART);
	look("{'rows':[],'nextToken':'a','kind':'x'}");
	CHECK(answer_look(&r, false).list && str_eq(answer_look(&r, false).kind, S("x")));
	TEST("a response with only some of the hits");
	CHECK(look("{'hits':{'total':{'value':312,'relation':'eq'},'hits':[{},{}]}}").total == 312);
	CHECK(look("{'hits':{'total':{'value':312,'relation':'eq'},'hits':[{},{}]}}").hits == 2);
	CHECK(look("{'hits':{'total':7,'hits':[{}]}}").total == 7 && look("{'hits':{'total':7,'hits':[{}]}}").hits == 1);
	CHECK(look("{'hits':{'hits':[{}]}}").hits == 0 && look("{'hits':[{}],'total':7}").hits == 0 && look("{'hits':7}").hits == 0);
	TEST("the cache for a shape changes nothing");
	CHECK(look("{'a':'b'}").is == ANSWER_ALL && look("{'a':'c'}").is == ANSWER_ALL);
	CHECK(look("{'a':[],'truncated':false}").is == ANSWER_ALL && look("{'a':[],'truncated':true}").is == ANSWER_PART);
	TEST("error responses");
	for (size_t i = 0; i < NELEM(errors); i++) {
		const char *why;

		look(errors[i].text);
		why = answer_error(&r);
		CHECK_ROW(i, !why == !errors[i].error);
		CHECK_ROW(i, !why || str_ends(str_of(why), str_of(errors[i].error)));
	}
	buf_free(&b);
	reader_free(&r);
	return test_done();
}
