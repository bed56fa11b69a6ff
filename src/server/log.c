/*
 * log.c - one line an event, to standard error.
 */
#include "server/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nvt/wire.h>

enum { LINE_MAX_LOG = 512, WHO_MAX = 80 };

static char about[WHO_MAX];

void
log_about(const char *who)
{
	snprintf(about, sizeof(about), "%s", who);
}

/* The beginning of a line; returns its length. */
static size_t
put_head(char *line, size_t size)
{
	struct timespec now;
	struct tm parts;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	n = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(line + n, size - n, ".%03ldZ nvt serve[%ld]: %s%s",
	    now.tv_nsec / 1000000, (long)getpid(), about,
	    about[0] != '\0' ? ": " : "");
	return strlen(line);
}

void
log_event(const char *format, ...)
{
	char line[LINE_MAX_LOG];
	va_list args;
	size_t n;

	n = put_head(line, sizeof(line) - 1);
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - 1 - n, format, args);
	va_end(args);
	n = strlen(line);
	line[n++] = '\n';
	/* One write, so that lines of many processes do not mix. */
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nobody is left to tell */
}

const char *
log_quote(struct log_text *out, const char *data, size_t len)
{
	size_t n;

	out->text[0] = '"';
	n = nvt_wire_escape(
	    (const uint8_t *)data, len, out->text + 1, sizeof(out->text) - 2);
	out->text[1 + n] = '"';
	out->text[2 + n] = '\0';
	return out->text;
}
