/* Time loop with forward sensitivities s_k = dy/dp_k; placed after driver.c, same conventions.

   NLU is the number of LU factors of the step matrix. */

#ifndef ASSB_LANES
static void unit(double* e, int k)
{
    for (int i = 0; i < NP; ++i) e[i] = i == k ? 1.0 : 0.0;
}

static int emit_row(const double* y, const double* s, const double* p, const double* present, double* e,
                    double* column, double* out, double* slope, double* w)
{
    outputs(y, p, present, out, w);
    if (!all_finite(out, NOUT)) return NOT_FINITE;
    for (int k = 0; k < NP; ++k) {
        unit(e, k);
        outputs_tangent(y, p, present, s + k * NY, e, column, w);
        if (!all_finite(column, NOUT)) return NOT_FINITE;
        for (int i = 0; i < NOUT; ++i) slope[i * NP + k] = column[i];
    }
    return OK;
}

#if NZ > 0
static int make_both_consistent(double* y, double* s, const double* p, const double* present, double* e,
                                double* factors, double* scratch, double* w)
{
    if (make_consistent(y, p, present, factors, scratch, w)) return NO_CONSISTENT_STATE;
    alg_factor(y, p, present, factors, w);
    for (int k = 0; k < NP; ++k) {
        unit(e, k);
        alg_tangent(y, p, present, factors, s + k * NY, e, scratch, w);
        memcpy(s + k * NY, scratch, NY * sizeof(double));
    }
    return OK;
}
#endif

EXPORT long assb_workspace(void)
{
    return 2L * NY + 2L * NP * NY + NKEPT + NKEPT_TANGENT + NLU + 4L * NY + NP + NOUT + NWORK + NFACTOR + NY
           + 2L * NZ;
}

/* `out` (n_rows, NOUT), `slope` (n_rows, NOUT, NP). Returns the status. */
EXPORT int assb_sensitivities(int n_steps, const double* h, const double* current,
                              const unsigned char* emit, double initial_current, int emit_initial,
                              const double* p, double* out, double* slope, double* work)
{
    double *y = work, *next = y + NY, *s = next + NY, *s_next = s + NP * NY, *kept = s_next + NP * NY;
    double *kept_tangent = kept + NKEPT, *lu = kept_tangent + NKEPT_TANGENT, *stages = lu + NLU;
    double *e = stages + 4 * NY, *column = e + NP, *w = column + NOUT;
#if NZ > 0
    double *factors = w + NWORK, *scratch = factors + NFACTOR;
#endif
    double present = initial_current, h_prepared = 0.0;
    initial(p, &present, y, w);
    if (!all_finite(y, NY)) return BAD_START;
    for (int k = 0; k < NP; ++k) {
        unit(e, k);
        initial_tangent(p, &present, e, s + k * NY, w);
    }
#if NZ > 0
    if (make_both_consistent(y, s, p, &present, e, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
    if (emit_initial) {
        if (emit_row(y, s, p, &present, e, column, out, slope, w)) return NOT_FINITE;
        out += NOUT;
        slope += NOUT * NP;
    }
    for (int step = 0; step < n_steps; ++step) {
        if (current[step] != present) {
            present = current[step];
            h_prepared = 0.0;
#if NZ > 0
            if (make_both_consistent(y, s, p, &present, e, factors, scratch, w)) return NO_CONSISTENT_STATE;
#endif
        }
        if (h[step] != h_prepared) {
            h_prepared = h[step];
            advance_prepare(y, p, &present, h + step, kept, w);
        }
        advance(y, p, &present, h + step, kept, next, lu, stages, w);
        tangent_prepare(y, p, &present, h + step, lu, stages, s, e, kept_tangent, w);
        for (int k = 0; k < NP; ++k) {
            unit(e, k);
            tangent(y, p, &present, h + step, lu, stages, s + k * NY, e, kept_tangent, s_next + k * NY, w);
        }
        if (!all_finite(next, NY) || !all_finite(s_next, NP * NY)) return NOT_FINITE;
        double* swap = y;
        y = next;
        next = swap;
        swap = s;
        s = s_next;
        s_next = swap;
        if (emit[step]) {
            if (emit_row(y, s, p, &present, e, column, out, slope, w)) return NOT_FINITE;
            out += NOUT;
            slope += NOUT * NP;
        }
    }
    return OK;
}
#endif
