/*
 * common.h - what the benchmarks share: clocks, workloads, rows, sockets.
 *
 * A benchmark prints its raw figures as one JSON object a line; table.py makes
 * medians and ratios of them.  No benchmark judges itself.
 */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is waited for behind the log-like lines; none of them contains it. */
#define BENCH_PROMPT "router1#"

/* The patterns that an expect waits for, as everybody writes them. */
#define BENCH_PATTERN_LOGIN "login: ?$"
#define BENCH_PATTERN_PASSWORD "assword:"
#define BENCH_PATTERN_PROMPT "^[\\w.-]+[>#] ?$"

/* Say what failed, with errno's words, and exit. */
_Noreturn void bench_die(const char *what);

/* Seconds of the monotonic clock, and of this process's CPU time. */
double bench_now(void);
double bench_cpu(void);

/* A field of /proc/self/status in KiB, such as "VmHWM". */
long bench_status(const char *field);

/* A decimal argument, or death. */
unsigned long bench_number(const char *arg);

void *bench_alloc(size_t len);

/* Workloads.  Each fills all of len; the same each time. */
void bench_log_lines(uint8_t *out, size_t len);
void bench_random(uint8_t *out, size_t len);

/*
 * A connection to port on loopback, a listener on a port of its own, and the
 * next connection to that or -1.  Nagle's algorithm is off on all of them.
 */
int bench_connect(unsigned port);
int bench_listen(unsigned *port);
int bench_accept(int listener);
void bench_write(int fd, const void *data, size_t len);

/*
 * Two ways to do the same work on the same bytes, measured in turns: for each
 * round the seconds of CPU time that one pass took.  peer.run may be NULL: no
 * such peer.
 */
struct bench_side {
	const char *name;
	void (*run)(void *arg);
	void *arg;
};
void bench_pair(const char *row, size_t bytes, unsigned rounds,
    const struct bench_side *ours, const struct bench_side *peer);

#endif /* BENCH_COMMON_H */
