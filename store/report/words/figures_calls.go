package words

// callFigures are those of ledger.CallTally, in the order of the report: label, formula.
var callFigures = map[string]figure{
	"calls":            {phrase{"通話數", "通話数"}, phrase{"期間內開始的客戶通話", "期間内に始まった顧客の通話"}},
	"calls_answered":   {phrase{"通話：已接聽", "通話：応答"}, phrase{"結果為已接聽的通話", "結果が応答の通話"}},
	"calls_no_answer":  {phrase{"通話：無人接聽", "通話：応答なし"}, phrase{"結果為無人接聽的通話", "結果が応答なしの通話"}},
	"calls_busy":       {phrase{"通話：忙線", "通話：話中"}, phrase{"結果為忙線的通話", "結果が話中の通話"}},
	"calls_failed":     {phrase{"通話：失敗", "通話：失敗"}, phrase{"結果為失敗的通話", "結果が失敗の通話"}},
	"calls_canceled":   {phrase{"通話：取消", "通話：取消"}, phrase{"接通前由來電者取消的通話", "つながる前に発信者が取り消した通話"}},
	"calls_up":         {phrase{"進行中", "通話中"}, phrase{"仍在進行的通話", "まだ続いている通話"}},
	"calls_queued":     {phrase{"進入佇列", "キューに入った通話"}, phrase{"曾進入佇列的通話", "キューに入った通話"}},
	"calls_reached":    {phrase{"接通客服", "オペレーターに接続"}, phrase{"經佇列接通客服人員的通話", "キューからオペレーターにつながった通話"}},
	"calls_identified": {phrase{"已識別客戶", "顧客判明"}, phrase{"客戶已知的通話", "顧客が判明している通話"}},
	"repeat_calls":     {phrase{"重複來電", "再着信"}, phrase{"已識別客戶的通話中，客戶於 {window}內再次來電者", "顧客判明の通話のうち、顧客が {window}以内に再びかけてきたもの"}},
	"first_call_resolution": {phrase{"首次解決率", "初回解決率"}, phrase{"無重複來電的接通通話 / 接通客服的通話，以已知客戶計",
		"再着信のない接続 / オペレーターに接続（顧客が判明しているもの）"}},
	"call_time":         {phrase{"通話總時間", "通話総時間"}, phrase{"Σ 期間內的通話時間", "Σ 期間内の通話の長さ"}},
	"call_time_setup":   {phrase{"時間：建立", "時間：接続中"}, phrase{"系統接起前的時間", "システムが応答するまでの時間"}},
	"call_time_ivr":     {phrase{"時間：語音選單", "時間：音声案内"}, phrase{"於撥號計畫中的時間", "ダイヤルプランの中の時間"}},
	"call_time_queue":   {phrase{"時間：等候", "時間：待機"}, phrase{"等候且尚無話機響鈴的時間", "待機中で電話がまだ鳴っていない時間"}},
	"call_time_ringing": {phrase{"時間：響鈴", "時間：呼出"}, phrase{"等候且話機響鈴的時間", "待機中で電話が鳴っている時間"}},
	"call_time_talk":    {phrase{"時間：對話", "時間：会話"}, phrase{"對話的時間", "会話の時間"}},
	"call_time_hold":    {phrase{"時間：保留", "時間：保留"}, phrase{"保留的時間", "保留の時間"}},
	"call_time_consult": {phrase{"時間：諮詢", "時間：相談"}, phrase{"客服人員諮詢時保留的時間", "オペレーターの相談中の保留時間"}},
	"call_time_after":   {phrase{"時間：結束後", "時間：会話後"}, phrase{"對話之後的時間", "会話の後の時間"}},

	// parts of rates and means
	"reached_identified": {phrase{"接通客服（客戶已知）", "オペレーターに接続（顧客判明）"}, phrase{"客戶已知的接通客服通話", "顧客が判明している接続通話"}},
	"reached_repeats":    {phrase{"接通後再次來電", "接続後の再着信"}, phrase{"接通客服的通話中，客戶於 {window}內再次來電者", "接続した通話のうち、顧客が {window}以内に再びかけてきたもの"}},
}
