// Helpers must be inlined: only so are they compiled for the level of the kernel that calls them.
#pragma once

#define INLINE static inline __attribute__((always_inline))

// Before a loop whose number of passes is a constant: unrolls it whole, so that an array which it walks over stays in
// registers. Left to itself the compiler does not unroll loops of many passes.
#define UNROLLED _Pragma("clang loop unroll(full)")
