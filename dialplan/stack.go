package dialplan

import "ringway/config/expr"

// call pushes a frame; its arguments are evaluated before any of them is set.
func (r *Run) call(args []assign, next int) error {
	if len(r.stack) >= maxDepth {
		return ErrDeep
	}
	f := frame{back: place{r.at.context, r.at.ext, next}, saved: expr.Vars{"exten": r.vars["exten"], "context": r.vars["context"]}}
	values := make([]expr.Value, len(args))
	for i, a := range args {
		if a.fixed != nil {
			values[i] = *a.fixed
			continue
		}
		v, err := a.value.Value(r.vars)
		if err != nil {
			return err
		}
		values[i] = v
	}
	for i, a := range args {
		f.saved[a.name] = r.vars[a.name]
		r.vars[a.name] = values[i].Any()
	}
	r.stack = append(r.stack, f)
	return nil
}

// ret pops a frame: the steps after the gosub go on, and the variables that its arguments covered are back.
func (r *Run) ret(value *expr.Template) (*dest, error) {
	if len(r.stack) == 0 {
		return nil, ErrNoSub
	}
	text := ""
	if value != nil {
		s, err := r.Text(value)
		if err != nil {
			r.trace(TraceEvent{Kind: TraceFail, Err: err, Detail: "return"})
		}
		text = s
	}
	f := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	for name, v := range f.saved {
		r.vars[name] = v
	}
	r.vars["returned"] = text
	return &dest{back: &f.back}, nil
}
