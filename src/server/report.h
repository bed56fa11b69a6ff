/*
 * report.h - what failed and why, on its way up to where it is said once.
 */
#ifndef NVT_SERVER_REPORT_H
#define NVT_SERVER_REPORT_H

struct report {
	char text[256];
};

/* Each returns -1, so that a failing function can end in it. */
int report_set(struct report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, followed by ": " and the words of errno. */
int report_errno(struct report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* NVT_SERVER_REPORT_H */
