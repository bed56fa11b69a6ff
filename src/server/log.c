/*
 * log.c - one line an event, to standard error.
 */
#include "server/log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nvt/wire.h>

enum { LINE_MAX_LOG = 512, WHO_MAX = 80 };

static char about[WHO_MAX];
static unsigned long lost; /* lines, since the last that was not */

void
log_about(const char *who)
{
	snprintf(about, sizeof(about), "%s", who);
	/* What our parent lost is the parent's to tell. */
	lost = 0;
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

/* The rest of a line that begins with n bytes; returns its length. */
static size_t __attribute__((format(printf, 4, 0)))
put_rest(char *line, size_t size, size_t n, const char *format, va_list args)
{
	static const char cut[] = "...";
	int wanted = vsnprintf(line + n, size - n, format, args);

	if (wanted < 0)
		return n;
	if ((size_t)wanted < size - n)
		return n + (size_t)wanted;
	memcpy(line + size - sizeof(cut), cut, sizeof(cut));
	return size - 1;
}

/*
 * One write, so that lines of many processes do not mix; none that would wait
 * for who reads them and does not.
 */
static bool __attribute__((format(printf, 1, 0)))
put_line(const char *format, va_list args)
{
	struct pollfd out = { STDERR_FILENO, POLLOUT, 0 };
	char line[LINE_MAX_LOG];
	size_t n;

	if (poll(&out, 1, 0) != 1)
		return false;
	n = put_head(line, sizeof(line) - 1);
	n = put_rest(line, sizeof(line) - 1, n, format, args);
	line[n++] = '\n';
	return write(STDERR_FILENO, line, n) == (ssize_t)n;
}

static bool __attribute__((format(printf, 1, 2))) put(const char *format, ...)
{
	va_list args;
	bool done;

	va_start(args, format);
	done = put_line(format, args);
	va_end(args);
	return done;
}

void
log_event(const char *format, ...)
{
	va_list args;

	if (lost > 0 && put("%lu lines of the log were lost", lost))
		lost = 0;
	va_start(args, format);
	if (!put_line(format, args))
		lost++;
	va_end(args);
}

/* One byte, escaped; returns its length. */
static size_t
escape(char byte, char *out, size_t size)
{
	if (byte != '"')
		return nvt_wire_escape((const uint8_t *)&byte, 1, out, size);
	memcpy(out, "\\\"", 3);
	return 2;
}

const char *
log_quote(struct log_text *out, const char *data, size_t len)
{
	static const char end[] = "\"", cut[] = "\"...";
	size_t room = sizeof(out->text) - sizeof(cut), n = 1, i, add;
	char piece[8];

	out->text[0] = '"';
	for (i = 0; i < len; i++) {
		add = escape(data[i], piece, sizeof(piece));
		if (n + add > room)
			break;
		memcpy(out->text + n, piece, add);
		n += add;
	}
	snprintf(
	    out->text + n, sizeof(out->text) - n, "%s", i < len ? cut : end);
	return out->text;
}
