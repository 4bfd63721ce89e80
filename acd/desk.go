package acd

// A hot desk is a phone of nobody that one person makes hers until she gives it back: by leaving her last queue, by taking
// her own phone, by Undesk, or when somebody else takes it. While she has one it is rung instead of her own phones.

// takeDesk makes an account her phone. A phone of her own gives the desk back; one of another person is refused; a desk that
// somebody forgot to give back changes hands.
func (s *State) takeDesk(a *agent, account string) ReplyCode {
	owner := s.spec.PersonOf(account)
	switch {
	case owner != nil && owner.ID != a.id():
		return DeskInUse
	case owner != nil, account == "":
		s.giveBackDesk(a)
		return DeskTaken
	case a.desk == account:
		a.lost = false
		return DeskTaken
	}
	if before := s.desks[account]; before != nil {
		s.giveBackDesk(before)
	}
	s.giveBackDesk(a)
	a.desk, a.lost = account, false
	s.desks[account] = a
	s.save(a)
	return DeskTaken
}

// giveBackDesk makes her own phones hers again; false where she has no desk.
func (s *State) giveBackDesk(a *agent) bool {
	if a.desk == "" {
		return false
	}
	delete(s.desks, a.desk)
	a.desk, a.lost = "", false
	s.save(a)
	s.touch(a)
	return true
}
