// What Swift cannot see of Linux: functions and constants that the C library's headers show to GNU sources only.
// The numbers are the kernel's, the same on every machine of 64 bits.
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <sys/types.h>

extern int memfd_create(const char *_Nonnull name, unsigned int flags) __attribute__((warn_unused_result));
extern int fallocate(int descriptor, int mode, off_t offset, off_t length) __attribute__((warn_unused_result));

static const unsigned int CLINUX_MFD_CLOEXEC = 1;
static const int CLINUX_FALLOC_FL_KEEP_SIZE = 1;
static const int CLINUX_FALLOC_FL_PUNCH_HOLE = 2;
/// A lock of an open file, not of a process; F_OFD_SETLK.
static const int CLINUX_F_OFD_SETLK = 37;

#endif
