// Helpers must be inlined: only so are they compiled for the level of the kernel that calls them.
#pragma once

#define INLINE static inline __attribute__((always_inline))
