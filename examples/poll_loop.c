/* poll_loop.c HOST PORT HOST PORT - two logins awaited in one poll loop. */
#include <nvt/session.h>
#include <poll.h>
#include <stdio.h>

enum { HOSTS = 2, WAIT_MS = 10000 };

/* Fill in what to poll; returns for how many ms. */
static int
watch(struct nvt_session *const *s, struct pollfd *p, int64_t now)
{
	int64_t first = now + WAIT_MS;

	for (int i = 0; i < HOSTS; i++) {
		unsigned wants = nvt_session_wants(s[i]);
		int64_t at = nvt_session_deadline(s[i]);

		p[i].fd = wants != 0 ? nvt_session_fd(s[i]) : -1;
		p[i].events = (wants & NVT_WANTS_READ) ? POLLIN : 0;
		p[i].events |= (wants & NVT_WANTS_WRITE) ? POLLOUT : 0;
		p[i].events |= (wants & NVT_WANTS_URGENT) ? POLLPRI : 0;
		if (at >= 0 && at < first)
			first = at;
	}
	return first > now ? (int)(first - now) : 0;
}

int
main(int argc, char **argv)
{
	struct nvt_session *s[HOSTS];
	struct pollfd p[HOSTS];
	int64_t now = nvt_session_now();
	int i, result, left = HOSTS;

	for (i = 0; i < HOSTS; i++)
		if (argc != 1 + 2 * HOSTS || nvt_session_new(NULL, &s[i]) ||
		    nvt_session_dial(
			s[i], argv[1 + 2 * i], argv[2 + 2 * i], now) ||
		    nvt_session_begin_until(s[i], "login:", 6, WAIT_MS, now)) {
			fputs("usage: poll_loop host port host port\n", stderr);
			return 2;
		}
	while (left > 0 && poll(p, HOSTS, watch(s, p, nvt_session_now())) >= 0)
		for (i = 0; i < HOSTS; i++) {
			if (p[i].revents & POLLPRI)
				nvt_session_urgent(s[i]);
			nvt_session_step(s[i], nvt_session_now());
			result = nvt_session_result(s[i], NULL);
			if (result == NVT_ERR_AGAIN || result == NVT_ERR_STATE)
				continue;
			printf("%s %s: %s\n", argv[1 + 2 * i], argv[2 + 2 * i],
			    result == 0 ? "login:" : nvt_session_error(s[i]));
			nvt_session_close(s[i]);
			left--;
		}
	for (i = 0; i < HOSTS; i++)
		nvt_session_free(s[i]);
	return left > 0 ? 1 : 0;
}
