package apps

import "ringway/dialplan"

// All is the one list of applications, in the order of the documentation. A new application is a file of its own and a
// line here.
func All() []dialplan.App {
	return []dialplan.App{
		answer(), progress(), ringing(),
		playback(), background(), waitExten(), read(), wait(),
		startMusic(), stopMusic(), mixMonitor(), stopMixMonitor(),
		set(), logMessage(), userEvent(),
		dial(), queue(),
		agentJoin(), agentLeave(), agentPause(), agentResume(), agentDesk(),
		hangup(), busy(), congestion(),
	}
}
