/*
 * expect_jit.h - whether PCRE2 compiles patterns to machine code here.
 */
#ifndef TEST_EXPECT_JIT_H
#define TEST_EXPECT_JIT_H

#include <stdbool.h>

bool jit_works(void);

/* Skip the test that is running, and say so, if it does not. */
void need_jit(void);

#endif /* TEST_EXPECT_JIT_H */
