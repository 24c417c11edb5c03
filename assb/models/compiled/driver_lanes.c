/* The time loop of driver.c on LANES parameter sets at once.

   Every decision is taken lane by lane with masks: a set that fails or needs more Newton iterations
   changes nothing for its neighbours. */

#ifdef ASSB_LANES
/* All ones where every element is finite. */
static lanes_int finite_lanes(const real* v, int n)
{
    real s = LITERAL(0.0);
    for (int i = 0; i < n; ++i) s += 0.0 * v[i];
    return (lanes_int)(s == 0.0);
}

#if NZ > 0
static real correction_norm(const real* dz, const real* y)
{
    real worst = LITERAL(0.0);
    for (int i = 0; i < NZ; ++i) {
        const real size = fabs(dz[i]) / (1.0 + fabs(y[NX + i]));
        worst = choose((lanes_int)(size <= worst), worst, size); /* keeps a NaN */
        worst = choose((lanes_int)(dz[i] == dz[i]), worst, LITERAL(NAN));
    }
    return worst;
}

/* As in driver.c. Returns the lanes, among `active`, that have converged. */
static lanes_int make_consistent(lanes_int active, real* y, const real* p, const real* current,
                                 real* factors, real* scratch, real* w)
{
    real *trial = scratch, *dz = scratch + NY, *next = dz + NZ;
    lanes_int converged = INTEGER(0);
    memcpy(trial, y, NX * sizeof(real));
    for (int iteration = 0; iteration < 60 && any(active); ++iteration) {
        alg_factor(y, p, current, factors, w);
        alg_solve(y, p, current, factors, dz, w);
        const real size = correction_norm(dz, y);
        active &= (lanes_int)(size < INFINITY);
        real lambda = LITERAL(1.0), after;
        for (lanes_int waiting = active;;) {
            /* A lane that is not waiting keeps its lambda, and so repeats its result. */
            for (int i = 0; i < NZ; ++i) trial[NX + i] = y[NX + i] + lambda * dz[i];
            alg_solve(trial, p, current, factors, next, w);
            after = correction_norm(next, y);
            waiting &= ~((lanes_int)(after < INFINITY)
                         & ((lanes_int)(size < 1e-10) | (lanes_int)(after <= (1.0 - 0.5 * lambda) * size)));
            const lanes_int lost = waiting & (lanes_int)(lambda < 1e-4);
            active &= ~lost;
            waiting &= ~lost;
            if (!any(waiting)) break;
            lambda = choose(waiting, 0.5 * lambda, lambda);
        }
        const lanes_int improves = (lanes_int)(after <= CONTRACTION * size) | (lanes_int)(after < 1e-9);
        const lanes_int whole = active & (lanes_int)(lambda == 1.0) & improves;
        for (int i = 0; i < NZ; ++i) {
            const real reached = choose(whole, trial[NX + i] + next[i], trial[NX + i]);
            y[NX + i] = choose(active, reached, y[NX + i]);
        }
        const lanes_int done = whole & (lanes_int)(after < 1e-9);
        converged |= done;
        active &= ~done;
    }
    return converged;
}
#endif

#ifndef WITHOUT_SIMULATE
static void record(int* status, lanes_int mask, int value)
{
    for (int l = 0; l < LANES; ++l)
        if (mask[l]) status[l] = value;
}

static void scatter(const real* values, int n_sets, long n_rows, double* out)
{
    for (int l = 0; l < n_sets; ++l)
        for (int i = 0; i < NOUT; ++i) out[l * n_rows * NOUT + i] = values[i][l];
}

/* At most LANES sets; `status` has LANES entries, `p` is filled. */
static void simulate_lanes(int n_steps, const double* h, const double* current, const unsigned char* emit,
                           double initial_current, int emit_initial, int n_sets, long n_rows,
                           const real* p, double* out, int* status, real* work)
{
    real *y = work, *next = y + NY, *row = next + NY, *kept = row + NOUT, *w = kept + NKEPT;
#if NZ > 0
    real *factors = w + NWORK, *scratch = factors + NFACTOR;
#endif
    double now = initial_current, h_prepared = 0.0;
    real present = now - LITERAL(0.0), size = LITERAL(0.0);
    lanes_int alive, before = INTEGER(-1);
#define SURVIVE(which, value)              \
    do {                                   \
        alive = before & (which);          \
        record(status, before & ~alive, value); \
        if (!any(alive)) return;           \
        before = alive;                    \
    } while (0)

    record(status, before, OK);
    initial(p, &present, y, w);
    SURVIVE(finite_lanes(y, NY), BAD_START);
#if NZ > 0
    SURVIVE(make_consistent(before, y, p, &present, factors, scratch, w), NO_CONSISTENT_STATE);
#endif
    if (emit_initial) {
        outputs(y, p, &present, row, w);
        SURVIVE(finite_lanes(row, NOUT), NOT_FINITE);
        scatter(row, n_sets, n_rows, out);
        out += NOUT;
    }
    for (int step = 0; step < n_steps; ++step) {
        if (current[step] != now) {
            now = current[step];
            present = now - LITERAL(0.0);
            h_prepared = 0.0;
#if NZ > 0
            SURVIVE(make_consistent(before, y, p, &present, factors, scratch, w), NO_CONSISTENT_STATE);
#endif
        }
        if (h[step] != h_prepared) {
            h_prepared = h[step];
            size = h_prepared - LITERAL(0.0);
            advance_prepare(y, p, &present, &size, kept, w);
        }
        advance(y, p, &present, &size, kept, next, w);
        SURVIVE(finite_lanes(next, NY), NOT_FINITE);
        real* swap = y;
        y = next;
        next = swap;
        if (emit[step]) {
            outputs(y, p, &present, row, w);
            SURVIVE(finite_lanes(row, NOUT), NOT_FINITE);
            scatter(row, n_sets, n_rows, out);
            out += NOUT;
        }
    }
#undef SURVIVE
}

EXPORT int assb_lanes(void) { return LANES; }

EXPORT long assb_workspace(void)
{
    return LANES * (2L * NY + NOUT + NKEPT + NWORK + NFACTOR + NY + 2L * NZ + NP + 1L);
}

/* As in driver.c. */
EXPORT long assb_simulate(long n_sets, int n_steps, const double* h, const double* current,
                          const unsigned char* emit, double initial_current, int emit_initial, long n_rows,
                          const double* inputs, double* out, int* status, double* work)
{
    long failures = 0;
    /* Vectors sit at multiples of their size. */
    real* p = (real*)(((size_t)work + sizeof(real) - 1) / sizeof(real) * sizeof(real));
    for (long k = 0; k < n_sets; k += LANES) {
        const int n = n_sets - k < LANES ? (int)(n_sets - k) : LANES;
        int outcome[LANES];
        for (int i = 0; i < NP; ++i) /* spare lanes repeat the last set */
            for (int l = 0; l < LANES; ++l) p[i][l] = inputs[(k + (l < n ? l : n - 1)) * NP + i];
        simulate_lanes(n_steps, h, current, emit, initial_current, emit_initial, n, n_rows, p,
                       out + k * n_rows * NOUT, outcome, p + NP);
        for (int l = 0; l < n; ++l) {
            status[k + l] = outcome[l];
            failures += outcome[l] != OK;
        }
    }
    return failures;
}
#endif
#endif
