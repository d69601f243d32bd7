// What the templates need to know of `double`.
#define REAL double
#define BITS uint64_t
#define NAME(name) vk_##name##_d

// Elements of a vector of 64 bytes, and how two of them are interleaved.
#define WIDTH 8
#define INTERLEAVE_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15

#define MANTISSA_BITS 52
#define LARGEST 0x1.fffffffffffffp1023
// Adding and subtracting this rounds to an integer.
#define ROUNDER 0x1.8p52
#define LOG2_E 1.4426950408889634074
// The upper part has 21 zero bits at its end, so that its product with an exponent is exact.
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 1.9082149292705877000e-10
// Below the first exp is 0, above the second infinite; expm1 is -1 below the third.
#define EXP_LOWEST -746.0
#define EXP_HIGHEST 710.0
#define EXPM1_LOWEST -40.0
// tanh and erf are 1 from here on.
#define TANH_LIMIT 20.0
#define ERF_LIMIT 6.0

#define EXP_TERMS 12
#define LOG1P_TERMS 16
#define ERF_TERMS 18
#define ERFCX_COEFFICIENTS                                                                           \
  {                                                                                                  \
    0.2079832913334288618, 0.1543611742943691723, 0.049698445403394641352, 0.012713147695692197103,  \
    0.0024793146970781856542, 0.00033160296057641249655, 0.000019563583246137113891,                 \
    -2.4255574719050316468e-6, -5.5412744784677132391e-7, 4.5267007642487407301e-9,                  \
    1.1339538061744706644e-8, 2.6381508985080732577e-10, -2.5715114296032549869e-10,                 \
    -6.0474059459917040209e-12, 6.0857915906870914641e-12                                            \
  }
