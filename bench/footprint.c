/*
 * footprint.c - what an idle session keeps on the heap, and how often the
 * engine allocates while data flows.
 *
 * The heap is asked of glibc, so that what PCRE2 takes counts too.  Calls of
 * the allocator are counted by the linker's --wrap.
 */
#include "common.h"

#include <errno.h>
#include <malloc.h>
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SESSIONS = 1000, BURST_BYTES = 65536, FLOW_BYTES = 1 << 20 };

static unsigned long allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *
__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	return __real_calloc(count, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	allocations++;
	return __real_realloc(p, size);
}

static size_t
heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

struct pair {
	struct nvt_session *s;
	int peer;
};

static void
step(struct pair *p)
{
	char answer[512];

	if (nvt_session_step(p->s, nvt_session_now()) != 0)
		bench_die("nvt_session_step");
	(void)!recv(p->peer, answer, sizeof(answer), MSG_DONTWAIT);
}

static void
hear(struct pair *p, const void *data, size_t len)
{
	bench_write(p->peer, data, len);
	step(p);
}

static void
open_pair(struct pair *p)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0)
		bench_die("socketpair");
	p->peer = fd[1];
	if (nvt_session_new(NULL, &p->s) != 0 ||
	    nvt_session_adopt(p->s, fd[0], nvt_session_now()) != 0)
		bench_die("nvt_session_adopt");
}

/* What every telnetd does up to its first prompt, and the answer to that. */
static void
log_in(struct pair *p)
{
	static const uint8_t hello[] = { 255, 253, 24, 255, 253, 31, 255, 251,
		1, 255, 251, 3 };
	static const uint8_t send_ttype[] = { 255, 250, 24, 1, 255, 240 };
	int64_t now = nvt_session_now();

	if (nvt_session_begin_until(p->s, "login:", 6, NVT_FOREVER, now) != 0)
		bench_die("nvt_session_begin_until");
	hear(p, hello, sizeof(hello));
	hear(p, send_ttype, sizeof(send_ttype));
	hear(p, "Welcome.\r\n\r\nlogin: ", 19);
	if (nvt_session_result(p->s, NULL) != 0)
		bench_die("nvt_session_result");
	if (nvt_session_queue_line(p->s, "admin") != 0)
		bench_die("nvt_session_queue_line");
	hear(p, "\r\nrouter1# ", 11);
	nvt_session_consume(p->s, SIZE_MAX);
}

static void
burst(struct pair *p)
{
	static uint8_t lines[BURST_BYTES];

	bench_log_lines(lines, sizeof(lines));
	bench_write(p->peer, lines, sizeof(lines));
	while (nvt_session_text(p->s).len < sizeof(lines))
		step(p);
	nvt_session_consume(p->s, SIZE_MAX);
	nvt_session_trim(p->s);
}

static void
print_heap(const char *what, size_t before)
{
	printf("{\"row\": \"%s\", \"bytes\": %zu}\n", what,
	    (heap() - before) / SESSIONS);
}

static void
idle_sessions(void)
{
	static struct pair pairs[SESSIONS];
	struct nvt_pattern prompt = { "[>#] $", 6, 0 };
	struct nvt_patterns *set;
	size_t before, i;

	if (nvt_patterns_new(&prompt, 1, &set, NULL) != 0)
		bench_die("nvt_patterns_new");
	before = heap();
	for (i = 0; i < SESSIONS; i++)
		open_pair(&pairs[i]);
	print_heap("heap, connected", before);
	for (i = 0; i < SESSIONS; i++)
		log_in(&pairs[i]);
	print_heap("heap, negotiated and idle", before);
	for (i = 0; i < SESSIONS; i++)
		if (nvt_session_begin_expect(pairs[i].s, set, NVT_FOREVER, 0,
			nvt_session_now()) != 0)
			bench_die("nvt_session_begin_expect");
	for (i = 0; i < SESSIONS; i++)
		step(&pairs[i]);
	print_heap("heap, waiting for a prompt", before);
	for (i = 0; i < SESSIONS; i++) {
		hear(&pairs[i], "router1# ", 9);
		if (nvt_session_result(pairs[i].s, NULL) != 0)
			bench_die("nvt_session_result");
		burst(&pairs[i]);
	}
	print_heap("heap, after 64 KiB of text and trim", before);
	for (i = 0; i < SESSIONS; i++) {
		nvt_session_free(pairs[i].s);
		close(pairs[i].peer);
	}
	nvt_patterns_free(set);
}

/* Two descriptors a session. */
static void
raise_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		bench_die("getrlimit");
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		bench_die("setrlimit");
	if (r.rlim_cur < 2 * SESSIONS + 16) {
		errno = EMFILE;
		bench_die("descriptors");
	}
}

static void
flow_in(struct nvt_telnet *t, const uint8_t *data, size_t len)
{
	struct nvt_event ev;
	const uint8_t *pending;
	size_t at = 0;

	while (at < len) {
		at += nvt_telnet_feed(
		    t, data + at, len - at < 4096 ? len - at : 4096, &ev);
		nvt_telnet_sent(t, nvt_telnet_pending(t, &pending));
	}
}

static void
flow_out(struct nvt_telnet *t, const uint8_t *data, size_t len)
{
	const uint8_t *pending;
	size_t at, taken;

	for (at = 0; at < len; at += taken) {
		if (nvt_telnet_send_text(t, data + at,
			len - at < 4096 ? len - at : 4096, &taken) != 0)
			bench_die("nvt_telnet_send_text");
		nvt_telnet_sent(t, nvt_telnet_pending(t, &pending));
	}
}

/* The second time round every buffer has the size that it needs. */
static void
count_allocations(void)
{
	uint8_t *data = bench_alloc(FLOW_BYTES);
	struct nvt_telnet *t;
	size_t i;

	bench_random(data, FLOW_BYTES / 2);
	bench_log_lines(data + FLOW_BYTES / 2, FLOW_BYTES / 2);
	for (i = FLOW_BYTES / 2; i + 2 < FLOW_BYTES; i += 64) {
		data[i] = NVT_CMD_IAC;
		data[i + 1] = NVT_CMD_GA;
	}
	if (nvt_telnet_new(NULL, &t) != 0)
		bench_die("nvt_telnet_new");
	for (i = 0; i < 2; i++) {
		allocations = 0;
		flow_in(t, data, FLOW_BYTES);
		flow_out(t, data, FLOW_BYTES);
	}
	printf("{\"row\": \"allocations, 1 MiB in and out\", \"count\": %lu}\n",
	    allocations);
	nvt_telnet_free(t);
	free(data);
}

int
main(void)
{
	errno = 0;
	raise_limit();
	idle_sessions();
	count_allocations();
	return 0;
}
