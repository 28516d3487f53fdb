/* The common task in C: the same draws, polynomials, blocks and whole-number sums as
 * src/incomesim/kernel/common_task.py, so that the histograms are equal bit for bit.
 *
 *     gcc -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -shared -fPIC common_task.c -lm
 *
 * The last two flags change no bits; without them gcc leaves square roots and selects out of its vector code.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 256, FINENESS = 7, OCTAVES = 24, LOWEST_EXPONENT = 3, COARSER = 3, START = 16, YEAR = 17 };

#define fma __builtin_fma
#define ROUND 6755399441055744.0
#define LOW 0xFFFFFFFFull
#define YUAN 10000.0
#define MULTIPLIER_0 0xD2511F53ull
#define MULTIPLIER_1 0xCD9E8D57ull
#define WEYL_0 0x9E3779B9ull
#define WEYL_1 0xBB67AE85ull

static const double LOSES_WORK = 0.05, FINDS_WORK = 0.3, PERSISTENCE = 0.95, INNOVATION = 0.1, TRANSITORY = 0.2;

static inline uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static inline double number(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

static inline double exp_(double x)
{
    x = x > -700.0 ? x : -700.0;
    x = x < 700.0 ? x : 700.0;
    double shifted = fma(x, 1.4426950408889634, ROUND), k = shifted - ROUND;
    double r = fma(k, -1.9082149292705877e-10, fma(k, -0.6931471803691238, x)), rr = r * r;
    double low = fma(rr, fma(r, 0.008333333370870308, 0.04166666666813631),
                     fma(r, 0.16666666666611554, 0.49999999999998324));
    double high = fma(rr, fma(rr, 2.747681793215636e-07, fma(r, 2.763499090031003e-06, 2.4801931661752607e-05)),
                      fma(r, 0.0001984118523593203, 0.0013888888516277345));
    double p = 1.0 + fma(rr, fma(rr * rr, high, low), r);
    return p * number((bits_of(shifted) + 1023) << 52);
}

static inline double log_(double x)
{
    const uint64_t one = 0x3FF0000000000000ull, root_half = 0x3FE6A09E667F3BCDull;
    uint64_t b = bits_of(x) + (one - root_half);
    double m = number((b & 0x000FFFFFFFFFFFFFull) + root_half);
    double k = number((b >> 52) | 0x4330000000000000ull) - (4503599627370496.0 + 1023.0);
    double s = (m - 1.0) / (m + 1.0), t = s * s, tt = t * t;
    double p = fma(tt, fma(tt, fma(t, 0.08409913054700399, 0.09061821111411678),
                           fma(t, 0.1111168584686394, 0.1428570856482614)),
                   fma(t, 0.2000000002613719, 0.333333333332936));
    double tail = fma(2.0 * s * t, p, k * 1.9082149292705877e-10);
    return fma(k, 0.6931471803691238, 2.0 * s + tail);
}

static inline void waves(double u, double *sine_of_turn, double *cosine_of_turn)
{
    double shifted = fma(4.0, u, ROUND), q = fma(4.0, u, ROUND - shifted), t = q * q, tt = t * t;
    double sine = q * fma(tt, fma(tt, fma(t, -3.556206571180545e-06, 0.00016042915249393357),
                                  fma(t, -0.004681752566768554, 0.0796926261535334)),
                          fma(t, -0.6459640975042396, 1.5707963267948895));
    double bend = fma(tt, fma(tt, fma(t, 4.6553371822837575e-07, -2.520014305357543e-05),
                              fma(t, 0.0009192599541460395, -0.02086348073586717)),
                      fma(t, 0.25366950789995935, -1.2337005501361553));
    double cosine = fma(t, bend, 1.0);
    uint64_t quarters = bits_of(shifted);
    double one = quarters & 1 ? cosine : sine, other = quarters & 1 ? sine : cosine;
    *sine_of_turn = number(bits_of(one) ^ ((quarters & 2) << 62));
    *cosine_of_turn = number(bits_of(other) ^ (((quarters + 1) & 2) << 62));
}

static inline double to_uniform(uint64_t word)
{
    return ((number(word | 0x4330000000000000ull) - 4503599627370496.0) + 0.5) * (1.0 / 4294967296.0);
}

typedef struct {
    uint64_t words[4][BLOCK], bin[BLOCK];
    double innovation[BLOCK], transitory[BLOCK], luck[BLOCK], permanent[BLOCK], in_work[BLOCK], income[BLOCK];
    int64_t weight[BLOCK], money[BLOCK];
} Work;

static inline void four_words(uint64_t seed, uint64_t id, uint64_t when, uint64_t purpose, Work *w, int i)
{
    uint64_t c0 = id & LOW, c1 = id >> 32, c2 = when, c3 = purpose, k0 = seed & LOW, k1 = seed >> 32;
    for (int r = 0; r < 10; r++) {
        uint64_t product_0 = MULTIPLIER_0 * c0, product_1 = MULTIPLIER_1 * c2;
        c0 = (product_1 >> 32) ^ c1 ^ k0;
        c1 = product_1 & LOW;
        c2 = (product_0 >> 32) ^ c3 ^ k1;
        c3 = product_0 & LOW;
        k0 = (k0 + WEYL_0) & LOW;
        k1 = (k1 + WEYL_1) & LOW;
    }
    w->words[0][i] = c0, w->words[1][i] = c1, w->words[2][i] = c2, w->words[3][i] = c3;
}

#ifdef __AVX2__
#include <immintrin.h>
typedef struct { __m256i c0, c1, c2, c3; } Counter;

static inline Counter one_round(Counter c, __m256i k0, __m256i k1)
{
    __m256i product_0 = _mm256_mul_epu32(c.c0, _mm256_set1_epi64x(MULTIPLIER_0));
    __m256i product_1 = _mm256_mul_epu32(c.c2, _mm256_set1_epi64x(MULTIPLIER_1));
    Counter next = {_mm256_srli_epi64(product_1, 32) ^ c.c1 ^ k0, product_1,
                    _mm256_srli_epi64(product_0, 32) ^ c.c3 ^ k1, product_0};
    return next; /* the upper halves hold what the multiplication does not read */
}

static inline void store(const Counter *c, Work *w, int i)
{
    const __m256i low = _mm256_set1_epi64x(LOW);
    _mm256_storeu_si256((__m256i *)&w->words[0][i], c->c0 & low);
    _mm256_storeu_si256((__m256i *)&w->words[1][i], c->c1 & low);
    _mm256_storeu_si256((__m256i *)&w->words[2][i], c->c2 & low);
    _mm256_storeu_si256((__m256i *)&w->words[3][i], c->c3 & low);
}

/* By hand, because gcc 12 multiplies 64 x 64 bits where 32 x 32 are meant: eight households at a time. */
static int draw_eights(uint64_t seed, uint64_t first_id, uint64_t when, uint64_t purpose, Work *w, int n)
{
    int i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256i id = _mm256_add_epi64(_mm256_set1_epi64x(first_id + i), _mm256_set_epi64x(3, 2, 1, 0));
        __m256i other = _mm256_add_epi64(id, _mm256_set1_epi64x(4));
        Counter a = {id, _mm256_srli_epi64(id, 32), _mm256_set1_epi64x(when), _mm256_set1_epi64x(purpose)};
        Counter b = {other, _mm256_srli_epi64(other, 32), a.c2, a.c3};
        uint64_t k0 = seed & LOW, k1 = seed >> 32;
#pragma GCC unroll 10
        for (int r = 0; r < 10; r++) {
            a = one_round(a, _mm256_set1_epi64x(k0), _mm256_set1_epi64x(k1));
            b = one_round(b, _mm256_set1_epi64x(k0), _mm256_set1_epi64x(k1));
            k0 = (k0 + WEYL_0) & LOW;
            k1 = (k1 + WEYL_1) & LOW;
        }
        store(&a, w, i);
        store(&b, w, i + 4);
    }
    return i;
}
#else
static int draw_eights(uint64_t seed, uint64_t first_id, uint64_t when, uint64_t purpose, Work *w, int n)
{
    return 0;
}
#endif

static void draw_words(uint64_t seed, uint64_t first_id, uint64_t when, uint64_t purpose, Work *w, int n)
{
    for (int i = draw_eights(seed, first_id, when, purpose, w, n); i < n; i++) {
        four_words(seed, first_id + i, when, purpose, w, i);
    }
}

static void fill_normals(const Work *w, double *restrict first, double *restrict second, int n)
{
    for (int i = 0; i < n; i++) {
        double radius = sqrt(-2.0 * log_(to_uniform(w->words[0][i]))), sine, cosine;
        waves(to_uniform(w->words[1][i]), &sine, &cosine);
        first[i] = radius * cosine;
        second[i] = radius * sine;
    }
}

static void start(uint64_t first_id, const double *weight, uint64_t seed, Work *w, int n)
{
    double stationary = INNOVATION / sqrt(1.0 - PERSISTENCE * PERSISTENCE);
    draw_words(seed, first_id, 0, START, w, n);
    fill_normals(w, w->permanent, w->transitory, n);
    for (int i = 0; i < n; i++) {
        w->weight[i] = (int64_t)(weight[i] * 1048576.0);
        w->permanent[i] *= stationary;
        w->in_work[i] = 1.0;
    }
}

static void change_work(Work *w, int n)
{
    for (int i = 0; i < n; i++) {
        w->luck[i] = to_uniform(w->words[2][i]);
    }
    for (int i = 0; i < n; i++) {
        double keeps = w->luck[i] >= LOSES_WORK ? 1.0 : 0.0, finds = w->luck[i] < FINDS_WORK ? 1.0 : 0.0;
        w->in_work[i] = w->in_work[i] > 0.0 ? keeps : finds;
    }
}

static void earn(Work *w, int n)
{
    for (int i = 0; i < n; i++) {
        w->permanent[i] = PERSISTENCE * w->permanent[i] + INNOVATION * w->innovation[i];
    }
    for (int i = 0; i < n; i++) {
        double earned = YUAN * exp_(w->permanent[i] + TRANSITORY * w->transitory[i]);
        w->income[i] = w->in_work[i] > 0.0 ? earned : 0.3 * YUAN;
    }
}

/* Incomes of the task lie between the outermost bins; kernel/bins.py has those for negative ones too. */
static void measure(const double *weight, Work *w, int n)
{
    const uint64_t first = (OCTAVES << (FINENESS - COARSER)) + 3, last = first + (OCTAVES << FINENESS) - 1;
    const uint64_t lowest = (uint64_t)(1023 + LOWEST_EXPONENT) << FINENESS;
    for (int i = 0; i < n; i++) {
        uint64_t bin = (bits_of(w->income[i]) >> (52 - FINENESS)) - lowest + first;
        w->bin[i] = bin < last ? bin : last;
    }
    for (int i = 0; i < n; i++) {
        w->money[i] = (int64_t)(bits_of(weight[i] * w->income[i] * 100.0 + ROUND) - bits_of(ROUND));
    }
}

static void add(const Work *w, int64_t *histogram, int n)
{
    for (int i = 0; i < n; i++) {
        histogram[2 * w->bin[i]] += w->weight[i];
        histogram[2 * w->bin[i] + 1] += w->money[i];
    }
}

void advance_common_task(uint64_t first_id, const double *weight, int64_t households, uint64_t seed, int64_t years,
                         int64_t bins, int64_t *histogram)
{
    Work w;
    for (int64_t at = 0; at < households; at += BLOCK) {
        int n = households - at < BLOCK ? (int)(households - at) : BLOCK;
        start(first_id + at, weight + at, seed, &w, n);
        for (int64_t t = 0; t < years; t++) {
            draw_words(seed, first_id + at, t + 1, YEAR, &w, n);
            fill_normals(&w, w.innovation, w.transitory, n);
            change_work(&w, n);
            earn(&w, n);
            measure(weight + at, &w, n);
            add(&w, histogram + t * bins * 2, n);
        }
    }
}
