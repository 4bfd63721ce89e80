// Package sim runs dialplans and queues on a virtual clock: the real interpreter and the real queue engine, with a
// virtual caller and virtual agents. Administrators write its tests in YAML:
//
//	people_joined: [mei, ken]          # agents on duty in every test of the file
//	tests:
//	  - name: a caller from Taiwan at night
//	    context: from-app
//	    dial: help
//	    at: "2026-03-02 21:30"         # in zone
//	    zone: Asia/Taipei
//	    caller: {number: "u17", language: zh-TW, region: TW}
//	    digits: ["1"]                  # what is typed, one entry for each prompt that listens; "" is nothing
//	    press: [{after: 40s, keys: "1"}]   # keys at certain moments, in a queue for example
//	    hang_up: 5m
//	    phones: {reception: busy}      # how called accounts and numbers behave
//	    agents: {mei: {outcome: no_answer}, ken: {answer: 4s, talk: 30s}}
//	    others: no_answer              # all phones that are not named; without it they answer after 3 s and talk for 60 s
//	    expect:
//	      path: [answer, playback, queue=connected]   # steps in this order, others may stand between
//	      played: [welcome]
//	      agent: ken
//	      cause: normal
//	      failures: 0
//
// Ownership: a World belongs to the goroutine that called Run; it starts one goroutine for the script, and the
// applications start their own. Exactly one of them works at a time by virtue of the world's lock and its count of work;
// Run returns when all have ended.
package sim
