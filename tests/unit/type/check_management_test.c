/* SPDX-License-Identifier: Apache-2.0
 * Management objects: one good and one bad representation of each specialisation. */
#define CLAUSE "TS-0004 7.4.15, D.2 to D.12"
#include "type_test.h"

/* A CREATE, and the same with something wrong: the word is in the note. */
struct pair {
    const char *clause, *member, *good, *bad, *word;
};

static const struct pair management[] = {
    {"TS-0004 D.2", "m2m:fwr", "{'mgd':1001,'vr':'1','fwn':'f','url':'http://u','ud':true}",
     "{'mgd':1001,'vr':'1','fwn':'f','url':'http://u','ud':1}", "ud"},
    {"TS-0004 D.3", "m2m:swr", "{'mgd':1002,'vr':'1','swn':'s','url':'http://u','dc':'d'}",
     "{'mgd':1002,'vr':'1','swn':'s'}", "url"},
    {"TS-0004 D.4", "m2m:mem", "{'mgd':1003,'mma':18446744073709551615,'mmt':0}",
     "{'mgd':1003,'mma':-1,'mmt':0}", "mma"},
    {"TS-0004 D.5", "m2m:ani", "{'mgd':1004,'ant':'ZigBee','ldv':['d1']}",
     "{'mgd':1004,'ant':'ZigBee','ldv':[]}", "ldv"},
    {"TS-0004 D.6", "m2m:andi", "{'mgd':1005,'dvd':'d','dvt':'t','awi':'a','sli':5}",
     "{'mgd':1005,'dvd':'d','dvt':'t','awi':'a b'}", "awi"},
    {"TS-0004 D.7", "m2m:bat", "{'mgd':1006,'btl':50,'bts':1}", "{'mgd':1006,'btl':50,'bts':8}",
     "bts"},
    {"TS-0004 D.8", "m2m:dvi",
     "{'mgd':1007,'dlb':'l','man':'m','mod':'x','dty':'t','mfd':'20261124T000000',"
     "'ptl':['application/x-alljoyn;version=1.0']}",
     "{'mgd':1007,'dlb':'l','man':'m','mod':'x','dty':'t','mfd':'24.11.2026'}", "mfd"},
    {"TS-0004 D.9", "m2m:dvc",
     "{'mgd':1008,'can':'c','att':true,'cas':{'acn':'ena','sus':1},'cus':true,'ena':true}",
     "{'mgd':1008,'can':'c','att':true,'cas':{'acn':'ena','sus':9},'cus':true}", "cas/sus"},
    {"TS-0004 D.10", "m2m:rbo", "{'mgd':1009,'rbo':true}", "{'mgd':1009,'rbo':'true'}", "rbo"},
    {"TS-0004 D.11", "m2m:evl", "{'mgd':1010,'lgt':1,'lgd':'d','lgst':1,'lga':true}",
     "{'mgd':1010,'lgt':0,'lgd':'d','lgst':1}", "lgt"},
    {"TS-0004 D.12.1", "m2m:cmp",
     "{'mgd':1011,'cpn':'p','cmlk':[{'nm':'d','typ':1013,'val':'r1'}]}",
     "{'mgd':1011,'cpn':'p','cmlk':{'nm':'d','typ':1013,'val':'r1'}}", "cmlk"},
    {"TS-0004 D.12.2", "m2m:acmp", "{'mgd':1012,'acmlk':'r1'}", "{'mgd':1012}", "acmlk"},
    {"TS-0004 D.12.3", "m2m:cmdf", "{'mgd':1013,'cmlk':[{'nm':'d','typ':1014,'val':'r1'}]}",
     "{'mgd':1013,'cmlk':[{'nm':'d','typ':1,'val':'r1'}]}", "cmlk/typ"},
    {"TS-0004 D.12.4", "m2m:cmdv", "{'mgd':1014,'od':1,'dev':2,'ror':['C1'],'rct':'x'}",
     "{'mgd':1014,'od':1,'dev':1,'ror':['C1']}", "dev"},
    {"TS-0004 D.12.5", "m2m:cmpv",
     "{'mgd':1015,'aec':[0,2],'dqet':-1,'dset':5,'doet':5,'drp':5,'dda':false}",
     "{'mgd':1015,'aec':[1],'dqet':-1,'dset':5,'doet':5,'drp':5,'dda':false}", "aec"},
    {"TS-0004 D.12.6", "m2m:cml",
     "{'mgd':1016,'od':1,'ror':['C1'],'lec':[2,100],'lqet':[0,-1],'lset':[0,1],'loet':[0,1],"
     "'lrp':[0,1],'lda':[true,false]}",
     "{'mgd':1016,'od':1,'ror':['C1'],'lec':[2],'lqet':[0],'lset':[0,1],'loet':[0,1],"
     "'lrp':[0,1],'lda':[true]}",
     "lqet"},
    {"TS-0004 D.12.7", "m2m:cmnr", "{'mgd':1017,'aecs':[0]}", "{'mgd':1017,'aecs':0}", "aecs"},
    {"TS-0004 D.12.8", "m2m:cmwr",
     "{'mgd':1018,'ttn':['n'],'mrv':0,'swt':1,'bop':{'bops':[{'ibt':1,'abt':2,'mbt':3}]},"
     "'cmlk':[{'nm':'d','typ':1019,'val':'r1'}]}",
     "{'mgd':1018,'ttn':['n'],'mrv':0,'swt':1,'bop':{'bops':[{'ibt':1,'abt':2}]},"
     "'cmlk':[{'nm':'d','typ':1019,'val':'r1'}]}",
     "mbt"},
    {"TS-0004 D.12.9", "m2m:cmbf", "{'mgd':1019,'aec':[0],'mbfs':0,'sgp':1}",
     "{'mgd':1019,'aec':[0],'mbfs':0,'sgp':0}", "sgp"},
    {"TS-0022", "dcfg:datc", "{'mgd':1021,'cntp':'/c','rpsc':[{'sce':['* * * * * * *']}]}",
     "{'mgd':1021,'cntp':'/c','rpsc':[{'sce':[]}]}", "rpsc/sce"},
    {"TS-0022", "dcfg:nycfc", "{'mgd':1023,'suids':[10],'mcff':'application/pkcs7','mcfc':'x'}",
     "{'mgd':1023,'suids':[9],'mcff':'application/pkcs7','mcfc':'x'}", "suids"},
};

/* TS-0004 7.4.15, Annex D: each specialisation of Release 3 is stored and validated. */
static void every_management_object(void **state)
{
    (void)state;
    size_t specialisations = 0;
    for (size_t i = 0; i < ARRAY_LEN(management); i++) {
        const struct pair *pair = &management[i];
        const struct type_resource *type = type_by_member(bytes_str(pair->member));
        const struct type_options options = {.release = 3};
        check_ok(type_check_create(type, tree(pair->good), &options), pair->clause);
        check_refused(type_check_create(type, tree(pair->bad), &options), STATUS_BAD_REQUEST,
                      pair->word, pair->clause);
        if (bytes_starts_with(bytes_str(pair->clause), BYTES("TS-0004"))) {
            assert_string_equal(type->clause, pair->clause);
        }
    }
    for (size_t i = 0; i < type_resource_count(); i++) {
        const struct type_resource *type = type_resource_at(i);
        specialisations +=
            type->number == TYPE_MGMT_OBJ && type->definition != 0 && type->release <= 3;
    }
    assert_int_equal(specialisations, ARRAY_LEN(management));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(every_management_object)};
    return cmocka_run_group_tests_name(CLAUSE, tests, NULL, NULL);
}
