/*
 * expect_jit.c - whether PCRE2 compiles patterns to machine code here.  Some
 * machines have no such compiler, and some kernels refuse it memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cmocka.h>

#include "expect_jit.h"

bool
jit_works(void)
{
	PCRE2_SIZE offset;
	int number, rc;
	pcre2_code *code =
	    pcre2_compile((PCRE2_SPTR) "a", 1, 0, &number, &offset, NULL);

	assert_non_null(code);
	rc = pcre2_jit_compile(
	    code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
	pcre2_code_free(code);
	return rc == 0;
}

void
need_jit(void)
{
	if (jit_works())
		return;
	print_message("PCRE2 has no JIT here\n");
	skip();
}
