/*
 * login_nvt.c COUNT PORT - whole sessions, one after the other, by libnvt's
 * blocking face.
 */
#include "common.h"

#include <errno.h>
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MS = 10000 };

static void
check(struct nvt_session *s, int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "bench: %s: %s: %s\n", what, nvt_error_text(result),
	    nvt_session_error(s));
	exit(1);
}

static void
await(struct nvt_session *s, const char *what)
{
	check(s, nvt_session_read_until(s, what, TIMEOUT_MS, NULL), what);
}

static void
await_prompt(struct nvt_session *s, struct nvt_patterns *prompt)
{
	check(s, nvt_session_expect_set(s, prompt, TIMEOUT_MS, 0, NULL),
	    "prompt");
}

static void
session(const char *port, struct nvt_patterns *prompt)
{
	struct nvt_session *s;
	struct nvt_span rest;

	if (nvt_session_new(NULL, &s) != 0)
		bench_die("nvt_session_new");
	check(s, nvt_session_open(s, "127.0.0.1", port, TIMEOUT_MS), "open");
	await(s, "login:");
	check(s, nvt_session_send_line(s, "admin"), "send");
	await(s, "assword:");
	check(s, nvt_session_send_secret(s, "secret"), "send");
	await_prompt(s, prompt);
	check(s, nvt_session_send_line(s, "show interfaces"), "send");
	await_prompt(s, prompt);
	check(s, nvt_session_send_line(s, "exit"), "send");
	check(s, nvt_session_read_all(s, TIMEOUT_MS, &rest), "read_all");
	nvt_session_free(s);
}

/* What a script waits for behind a password: told no, or a prompt. */
static struct nvt_patterns *
prompt_patterns(void)
{
	static const struct nvt_pattern list[] = {
		{ "Login incorrect", 15, NVT_PATTERN_LITERAL },
		{ "[>#] $", 6, 0 },
	};
	struct nvt_patterns *p;

	if (nvt_patterns_new(list, 2, &p, NULL) != 0)
		bench_die("nvt_patterns_new");
	return p;
}

int
main(int argc, char **argv)
{
	struct nvt_patterns *prompt;
	unsigned long count, i;
	double begin, cpu;

	if (argc < 3)
		return 2;
	errno = 0;
	count = bench_number(argv[1]);
	prompt = prompt_patterns();
	session(argv[2], prompt);
	cpu = bench_cpu();
	begin = bench_now();
	for (i = 0; i < count; i++)
		session(argv[2], prompt);
	printf("{\"count\": %lu, \"seconds\": %.9f, \"cpu\": %.9f}\n", count,
	    bench_now() - begin, bench_cpu() - cpu);
	nvt_patterns_free(prompt);
	return 0;
}
