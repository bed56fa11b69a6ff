/*
 * telnet_login.c HOST PORT - log in, run one command, print what it says.
 *
 * NVT_USER and NVT_PASSWORD say who: others can read a program's arguments.
 */
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MS = 10000 };

static const char *const answers[] = { "Login incorrect", "[$#>] ?$", NULL };
enum { INCORRECT, PROMPT };

static int
check(const struct nvt_session *s, int result)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "telnet_login: %s\n", nvt_session_error(s));
	exit(2);
}

int
main(int argc, char **argv)
{
	const char *user = getenv("NVT_USER");
	const char *password = getenv("NVT_PASSWORD");
	struct nvt_session *s;
	struct nvt_span said;
	int which;

	if (argc != 3 || user == NULL || password == NULL ||
	    nvt_session_new(NULL, &s) != 0) {
		fprintf(stderr,
		    "usage: telnet_login host port (NVT_USER, NVT_PASSWORD)\n");
		return 2;
	}
	check(s, nvt_session_open(s, argv[1], argv[2], TIMEOUT_MS));
	check(s, nvt_session_read_until(s, "login:", TIMEOUT_MS, NULL));
	check(s, nvt_session_send_line(s, user));
	check(s, nvt_session_read_until(s, "assword:", TIMEOUT_MS, NULL));
	check(s, nvt_session_send_secret(s, password));
	which = check(s, nvt_session_expect(s, answers, 0, TIMEOUT_MS, NULL));
	if (which == INCORRECT) {
		printf("Username and password failed - giving up\n");
	} else {
		check(s, nvt_session_send_line(s, "exec uptime"));
		check(s, nvt_session_read_all(s, TIMEOUT_MS, &said));
		fwrite(said.data, 1, said.len, stdout);
	}
	nvt_session_free(s);
	return which == INCORRECT ? 1 : 0;
}
