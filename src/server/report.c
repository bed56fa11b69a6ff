/*
 * report.c - what failed and why, as one line of text.
 */
#include "server/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
report_set(struct report *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
	return -1;
}

int
report_errno(struct report *r, const char *format, ...)
{
	int error = errno;
	va_list args;
	size_t len;

	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
	len = strlen(r->text);
	snprintf(r->text + len, sizeof(r->text) - len, ": %s", strerror(error));
	return -1;
}
