// Package staff is who works with the console: people who log in and machines with keys, what each of them may do, and whom
// each of them sees. It knows no HTTP; console asks it, and a store keeps what has to be kept.
package staff
