package dialplan

// Codes of the findings of Load: stable, never reused.
const (
	codeName      = "DP001" // a context or extension with an impossible name
	codeTwice     = "DP002" // a context, extension or label defined twice
	codePattern   = "DP003" // a pattern that is none
	codeTime      = "DP004" // a time rule that is none
	codeStep      = "DP005" // a step without, or with more than one, application
	codeApp       = "DP006" // an unknown application
	codeArg       = "DP007" // an argument that is missing, unknown or of the wrong type
	codePlace     = "DP008" // a branch to a place that does not exist
	codeInclude   = "DP009" // an include of a missing context, or a circle of includes
	codeResult    = "DP010" // on: names a result that the application never gives
	codeReference = "DP011" // an unknown prompt, music, queue, trunk or account
	codeVariable  = "DP012" // a variable set with different types, or one that may not be set
	codeMedia     = "DP013" // digits are asked for before the call was answered
	codeLoop      = "DP014" // a loop without an exit
	codeDead      = "DP015" // a step that is never reached
	codeShadow    = "DP016" // an extension that another one hides
	codeEntry     = "DP017" // an entry context that does not exist
	codeInjection = "DP018" // caller's text where only a checked word may stand
	codeEmpty     = "DP019" // an extension without steps
	codePersonal  = "DP020" // a person's name or number where records would keep it
	codeLonely    = "DP021" // a context that no call gets to
)
