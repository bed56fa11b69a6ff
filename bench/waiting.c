/*
 * waiting.c - one wait for a prompt at the end of much text: time and memory.
 *
 *	waiting until|expect|floor BYTES PORT	a feeder, over loopback
 *	waiting until|expect BYTES		nvt_expect alone
 *
 * floor is what the socket itself costs: recv into one buffer, nothing kept.
 * Prints one JSON object.  Each wait is a process of its own, so that one does
 * not find the memory that another has left behind.
 */
#include "common.h"

#include <errno.h>
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WARM_BYTES = 4096, PIECE_BYTES = 65536 };

struct figures {
	double seconds;
	double cpu;
	long before; /* KiB resident */
	long peak;
	size_t kept; /* bytes of text, all in memory at the end */
};

static void
begin(struct figures *f)
{
	f->before = bench_status("VmRSS");
	f->cpu = bench_cpu();
	f->seconds = bench_now();
}

static void
end(struct figures *f, size_t kept)
{
	f->seconds = bench_now() - f->seconds;
	f->cpu = bench_cpu() - f->cpu;
	f->peak = bench_status("VmHWM");
	f->kept = kept;
}

static struct nvt_patterns *
three_patterns(void)
{
	static const char *const texts[] = { BENCH_PATTERN_LOGIN,
		BENCH_PATTERN_PASSWORD, BENCH_PATTERN_PROMPT };
	struct nvt_pattern list[3];
	struct nvt_patterns *p;
	size_t i;

	for (i = 0; i < 3; i++)
		list[i] = (struct nvt_pattern){ texts[i], strlen(texts[i]),
			NVT_PATTERN_MULTILINE };
	if (nvt_patterns_new(list, 3, &p, NULL) != 0)
		bench_die("nvt_patterns_new");
	return p;
}

static void
ask(struct nvt_session *s, size_t bytes)
{
	char line[32];

	snprintf(line, sizeof(line), "%zu", bytes);
	if (nvt_session_send_line(s, line) != 0)
		bench_die("nvt_session_send_line");
}

/* patterns NULL: the prompt as a string.  Returns the length of the text. */
static size_t
wait_prompt(struct nvt_session *s, struct nvt_patterns *patterns)
{
	struct nvt_match m;
	int which;

	if (patterns == NULL)
		which =
		    nvt_session_read_until(s, BENCH_PROMPT, NVT_FOREVER, &m);
	else
		which = nvt_session_expect_set(s, patterns, NVT_FOREVER, 0, &m);
	if (which != (patterns == NULL ? 0 : 2)) {
		fprintf(stderr, "bench: wait: %d %s\n", which,
		    nvt_session_error(s));
		exit(1);
	}
	return m.all.len;
}

static void
from_socket(struct figures *f, size_t bytes, const char *port,
    struct nvt_patterns *patterns)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = SIZE_MAX };
	struct nvt_session *s;
	size_t kept;

	if (nvt_session_new(&config, &s) != 0 ||
	    nvt_session_open(s, "127.0.0.1", port, NVT_FOREVER) != 0)
		bench_die("nvt_session_open");
	ask(s, WARM_BYTES);
	wait_prompt(s, patterns);
	begin(f);
	ask(s, bytes);
	kept = wait_prompt(s, patterns);
	end(f, kept);
	nvt_session_free(s);
}

static void
drain(int fd, uint8_t *buf, size_t bytes)
{
	char line[32];
	ssize_t n;

	n = snprintf(line, sizeof(line), "%zu\n", bytes);
	bench_write(fd, line, (size_t)n);
	for (; bytes > 0; bytes -= (size_t)n) {
		n = recv(fd, buf, PIECE_BYTES, 0);
		if (n <= 0)
			bench_die("recv");
	}
}

static void
socket_floor(struct figures *f, size_t bytes, const char *port)
{
	static uint8_t buf[PIECE_BYTES];
	int fd = bench_connect((unsigned)bench_number(port));

	drain(fd, buf, WARM_BYTES);
	begin(f);
	drain(fd, buf, bytes);
	end(f, 0);
	close(fd);
}

static void
start_wait(struct nvt_expect *x, struct nvt_patterns *patterns)
{
	int err;

	if (patterns != NULL)
		err = nvt_expect_patterns(x, patterns, 0, 0);
	else
		err = nvt_expect_until(
		    x, (const uint8_t *)BENCH_PROMPT, strlen(BENCH_PROMPT));
	if (err != 0)
		bench_die("nvt_expect");
}

static int
append_poll(
    struct nvt_expect *x, const uint8_t *data, size_t len, struct nvt_match *m)
{
	if (nvt_expect_append(x, data, len, 0) != 0)
		bench_die("nvt_expect_append");
	return nvt_expect_poll(x, 0, m);
}

static size_t
feed_block(struct nvt_expect *x, const uint8_t *block, size_t bytes)
{
	struct nvt_match m;
	size_t at, n, rest = bytes - strlen(BENCH_PROMPT);

	for (at = 0; at < rest; at += n) {
		n = PIECE_BYTES - at % PIECE_BYTES;
		if (n > rest - at)
			n = rest - at;
		if (append_poll(x, block + at % (16 * PIECE_BYTES), n, &m) != 0)
			bench_die("a match too early");
	}
	if (append_poll(x, (const uint8_t *)"\n" BENCH_PROMPT,
		strlen(BENCH_PROMPT) + 1, &m) != 1)
		bench_die("no match");
	return m.all.len;
}

static void
from_memory(struct figures *f, size_t bytes, struct nvt_patterns *patterns)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = SIZE_MAX };
	uint8_t *block = bench_alloc(16 * PIECE_BYTES);
	struct nvt_expect *x;
	size_t kept;

	bench_log_lines(block, 16 * PIECE_BYTES);
	if (nvt_expect_new(&config, &x) != 0)
		bench_die("nvt_expect_new");
	start_wait(x, patterns);
	feed_block(x, block, WARM_BYTES);
	begin(f);
	start_wait(x, patterns);
	kept = feed_block(x, block, bytes);
	end(f, kept);
	nvt_expect_free(x);
	free(block);
}

int
main(int argc, char **argv)
{
	struct nvt_patterns *patterns = NULL;
	struct figures f = { 0 };
	size_t bytes;

	if (argc < 3 || argc > 4) {
		fprintf(stderr,
		    "usage: waiting until|expect|floor BYTES"
		    " [PORT]\n");
		return 2;
	}
	errno = 0;
	bytes = bench_number(argv[2]);
	if (strcmp(argv[1], "expect") == 0)
		patterns = three_patterns();
	if (argc == 3)
		from_memory(&f, bytes, patterns);
	else if (strcmp(argv[1], "floor") == 0)
		socket_floor(&f, bytes, argv[3]);
	else
		from_socket(&f, bytes, argv[3], patterns);
	printf("{\"bytes\": %zu, \"seconds\": %.9f, \"cpu\": %.9f,"
	       " \"grown_kib\": %ld, \"kept\": %zu}\n",
	    bytes, f.seconds, f.cpu, f.peak - f.before, f.kept);
	nvt_patterns_free(patterns);
	return 0;
}
