package call

// enterSession counts one more call of an app session; false when the session has all that it may have.
func (m *Manager) enterSession(c *Caller) bool {
	if c.Session == "" || c.SessionCalls <= 0 {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions[c.Session] >= c.SessionCalls {
		return false
	}
	m.sessions[c.Session]++
	return true
}

// leaveSession takes back what enterSession counted.
func (m *Manager) leaveSession(c *Caller) {
	if c.Session == "" || c.SessionCalls <= 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sessions[c.Session]--; m.sessions[c.Session] <= 0 {
		delete(m.sessions, c.Session)
	}
}
