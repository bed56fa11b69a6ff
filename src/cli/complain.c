/*
 * complain.c - how the program says what failed.
 */
#include "cli/complain.h"

#include <stdarg.h>
#include <stdio.h>

void
complain(const char *where, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "nvt: %s: ", where);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
