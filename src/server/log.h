/*
 * log.h - one line an event, to standard error: when, which process, who, what.
 *
 * What a peer wrote goes into a line only through log_quote().  Passwords
 * never do.  A line is lost rather than waited for where nobody reads them,
 * and how many were is said in the next one.
 */
#ifndef NVT_SERVER_LOG_H
#define NVT_SERVER_LOG_H

#include <stddef.h>

/* Whom the lines of this process are about from now on; "" for nobody. */
void log_about(const char *who);

void log_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Bytes of the peer's as printable text between quotes, which it cannot end;
 * "..." behind them if it had to be cut.
 */
struct log_text {
	char text[160];
};
const char *log_quote(struct log_text *out, const char *data, size_t len);

#endif /* NVT_SERVER_LOG_H */
