/*
 * complain.h - "nvt: WHERE: what failed: why", once, to standard error.
 */
#ifndef NVT_CLI_COMPLAIN_H
#define NVT_CLI_COMPLAIN_H

void complain(const char *where, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* NVT_CLI_COMPLAIN_H */
