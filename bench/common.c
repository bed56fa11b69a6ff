/*
 * common.c - what the benchmarks share: clocks, workloads, rows, sockets.
 */
#define _GNU_SOURCE /* accept4 */
#include "common.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* One measurement lasts at least this long, so that the clock's own cost and
 * a stray interrupt are lost in it. */
static const double PASS_SECONDS = 0.01;

_Noreturn void
bench_die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what,
	    errno != 0 ? strerror(errno) : "failed");
	exit(1);
}

static double
seconds_of(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		bench_die("clock_gettime");
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double
bench_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double
bench_cpu(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

long
bench_status(const char *field)
{
	char line[256];
	size_t len = strlen(field);
	long kib = -1;
	FILE *f;

	f = fopen("/proc/self/status", "r");
	if (f == NULL)
		bench_die("/proc/self/status");
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, field, len) == 0 && line[len] == ':')
			kib = strtol(line + len + 1, NULL, 10);
	fclose(f);
	return kib;
}

unsigned long
bench_number(const char *arg)
{
	char *end;
	unsigned long n;

	n = strtoul(arg, &end, 10);
	if (end == arg || *end != '\0') {
		errno = EINVAL;
		bench_die(arg);
	}
	return n;
}

void *
bench_alloc(size_t len)
{
	void *p;

	p = calloc(1, len);
	if (p == NULL)
		bench_die("calloc");
	return p;
}

static uint64_t
next_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x;
}

static unsigned
pick(uint64_t r, unsigned shift, unsigned below)
{
	return (unsigned)((r >> shift) % below);
}

/*
 * One line as a device logs it, with '#' and '>' inside, but neither a prompt
 * nor anything that a cut behind it would turn into one.
 */
static int
log_line(char *out, size_t size, uint64_t r)
{
	unsigned a = pick(r, 0, 256), b = pick(r, 8, 256), c = pick(r, 16, 64);
	unsigned h = pick(r, 24, 24), m = pick(r, 32, 60), s = pick(r, 40, 60);

	switch (pick(r, 48, 6)) {
	case 0:
		return snprintf(out, size,
		    "Nov 22 %02u:%02u:%02u router1 %%LINK-3-UPDOWN: Interface "
		    "GigabitEthernet%u/%u, changed state to %s\r\n",
		    h, m, s, c & 7, b & 31, (a & 1) != 0 ? "up" : "down");
	case 1:
		return snprintf(out, size,
		    "Nov 22 %02u:%02u:%02u router1 %%SYS-5-CONFIG_I: Configured"
		    " from console by admin on vty%u (10.%u.%u.%u)\r\n",
		    h, m, s, c & 15, a, b, c);
	case 2:
		return snprintf(out, size,
		    " description uplink %u -> core-sw%u > lab #%u, rack "
		    "%u\r\n",
		    a, c, b, m);
	case 3:
		return snprintf(out, size,
		    "     %u packets input, %u%03u bytes, %u no buffer\r\n",
		    a * 251 + b, b * 17 + c, m * 7, c & 3);
	case 4:
		return snprintf(out, size,
		    "access-list %u permit tcp any host 10.%u.%u.%u eq 23 log"
		    " # rule %u\r\n",
		    100 + c, a, b, c, m);
	default:
		return snprintf(out, size,
		    "Nov 22 %02u:%02u:%02u router1 %%SEC-6-LOGIN: user login "
		    "from 10.0.%u.%u, password accepted, sessions %u\r\n",
		    h, m, s, a, b, c);
	}
}

void
bench_log_lines(uint8_t *out, size_t len)
{
	uint64_t state = 0x9e3779b97f4a7c15u;
	char line[160];
	size_t n, at = 0;

	while (at < len) {
		n = (size_t)log_line(line, sizeof(line), next_random(&state));
		if (n > len - at)
			n = len - at;
		memcpy(out + at, line, n);
		at += n;
	}
	if (len >= 2)
		memcpy(out + len - 2, "\r\n", 2);
}

void
bench_random(uint8_t *out, size_t len)
{
	uint64_t state = 0xd1b54a32d192ed03u;
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)(next_random(&state) >> 32);
}

static void
loopback(struct sockaddr_in *sin, unsigned port)
{
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_port = htons((uint16_t)port);
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static void
send_at_once(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

int
bench_connect(unsigned port)
{
	struct sockaddr_in sin;
	int fd;

	loopback(&sin, port);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		bench_die("socket");
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0)
		bench_die("connect");
	send_at_once(fd);
	return fd;
}

int
bench_listen(unsigned *port)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd;

	loopback(&sin, 0);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		bench_die("socket");
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0 ||
	    listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) != 0)
		bench_die("listen");
	*port = ntohs(sin.sin_port);
	return fd;
}

int
bench_accept(int listener)
{
	int fd;

	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd != -1)
		send_at_once(fd);
	return fd;
}

void
bench_write(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			bench_die("write");
		p += n;
		len -= (size_t)n;
	}
}

static double
seconds_per_pass(const struct bench_side *side, unsigned long passes)
{
	unsigned long i;
	double begin;

	begin = bench_cpu();
	for (i = 0; i < passes; i++)
		side->run(side->arg);
	return (bench_cpu() - begin) / (double)passes;
}

static unsigned long
passes_needed(const struct bench_side *side)
{
	unsigned long passes = 1;

	while (seconds_per_pass(side, passes) * (double)passes < PASS_SECONDS)
		passes *= 2;
	return passes;
}

static void
print_seconds(const char *key, const char *name, const double *s, unsigned n)
{
	unsigned i;

	printf(", \"%s\": {\"name\": \"%s\", \"seconds\": [", key, name);
	for (i = 0; i < n; i++)
		printf("%s%.9f", i == 0 ? "" : ", ", s[i]);
	printf("]}");
}

void
bench_pair(const char *row, size_t bytes, unsigned rounds,
    const struct bench_side *ours, const struct bench_side *peer)
{
	const struct bench_side *side[2] = { ours, peer };
	unsigned long passes[2];
	double *seconds[2];
	unsigned sides = peer->run != NULL ? 2 : 1, i, k, r;

	for (k = 0; k < sides; k++) {
		seconds[k] = bench_alloc(rounds * sizeof(double));
		passes[k] = passes_needed(side[k]);
	}
	/* Who goes first changes, so that neither always finds warm caches. */
	for (r = 0; r < rounds; r++)
		for (i = 0; i < sides; i++) {
			k = (r + i) % sides;
			seconds[k][r] = seconds_per_pass(side[k], passes[k]);
		}
	printf("{\"row\": \"%s\", \"bytes\": %zu", row, bytes);
	print_seconds("ours", ours->name, seconds[0], rounds);
	if (sides == 2)
		print_seconds("peer", peer->name, seconds[1], rounds);
	printf("}\n");
	fflush(stdout);
	for (k = 0; k < sides; k++)
		free(seconds[k]);
}
