// Package apps holds the applications of the dialplan: one file each, one ordered list in apps.go.
//
// Ownership: an application runs on the script goroutine of its call. Only queue starts more: the pumps of its visit
// (ticket events, keys, announcements, one per Dial), counted by the visit's WaitGroup and gone when the step returns.
package apps
